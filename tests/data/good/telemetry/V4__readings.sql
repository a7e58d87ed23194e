CREATE TABLE readings (
    tenant_id bigint NOT NULL,
    device_id uuid NOT NULL,
    at timestamptz NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (tenant_id, device_id, at)
) PARTITION BY RANGE (at);
SELECT create_distributed_table('readings', 'tenant_id', colocate_with => 'accounts');
