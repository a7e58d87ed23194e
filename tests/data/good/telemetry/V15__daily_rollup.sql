CREATE TABLE daily (
    tenant_id bigint NOT NULL,
    device_id uuid NOT NULL,
    day date NOT NULL,
    lowest double precision,
    highest double precision,
    PRIMARY KEY (tenant_id, device_id, day)
);
SELECT create_distributed_table('daily', 'tenant_id', colocate_with => 'accounts');
