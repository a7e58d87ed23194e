-- Tenants have sites, sites have devices. A polygon would need an extension; a box is enough for the map.
CREATE TABLE sites (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    area box,
    timezone text NOT NULL DEFAULT 'UTC',
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('sites', 'tenant_id');
