-- What all tenants share lies in public, as reference tables: the only tables a tenant's schema may refer to.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE public.plans (
    code text PRIMARY KEY,
    monthly_minor bigint NOT NULL CHECK (monthly_minor >= 0),
    features jsonb NOT NULL DEFAULT '{}'
);
CREATE TABLE public.regions (code text PRIMARY KEY, label text NOT NULL);
SELECT create_reference_table('public.plans');
SELECT create_reference_table('public.regions');
INSERT INTO public.plans VALUES ('free', 0, '{}'), ('pro', 2900, '{"exports": true, "note": "per seat; monthly"}');
INSERT INTO public.regions VALUES ('eu', 'Europe'), ('na', 'North America') ON CONFLICT (code) DO NOTHING;
