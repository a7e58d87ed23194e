CREATE TABLE maintenance (
    tenant_id bigint NOT NULL,
    during tstzrange NOT NULL,
    CONSTRAINT maintenance_once EXCLUDE USING gist (tenant_id WITH =, during WITH &&)
);
SELECT create_distributed_table('maintenance', 'tenant_id', colocate_with => 'accounts');
