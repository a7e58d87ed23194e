-- Tables of tenant_a. They are distributed at once, because their schema is: nothing is to be called.
CREATE TABLE tenant_a.customers (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    plan text NOT NULL DEFAULT 'free' REFERENCES public.plans (code),
    region text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tenant_a.projects (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES tenant_a.customers (id) ON DELETE CASCADE,
    title text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}',
    UNIQUE (customer_id, title)
);
