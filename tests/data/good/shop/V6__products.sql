-- The catalogue. The search vector is kept by PostgreSQL itself: there are no triggers to do it.
CREATE TABLE products (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    tags text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '{}'::jsonb,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || description)) STORED,
    published_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
SELECT create_distributed_table('products', 'tenant_id', colocate_with => 'tenants');
CREATE INDEX products_search ON products USING gin (search);
CREATE INDEX products_tags ON products USING gin (tags);
