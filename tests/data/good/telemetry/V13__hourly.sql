-- Readings summed up by the hour, which the dashboards ask for; the job of V14 keeps it.
CREATE TABLE readings_hourly (
    tenant_id bigint NOT NULL,
    device_id bigint NOT NULL,
    metric text NOT NULL,
    hour timestamptz NOT NULL,
    samples bigint NOT NULL,
    lowest double precision NOT NULL,
    highest double precision NOT NULL,
    mean double precision NOT NULL,
    PRIMARY KEY (tenant_id, device_id, metric, hour)
) WITH (fillfactor = 85);
SELECT create_distributed_table('readings_hourly', 'tenant_id', colocate_with => 'readings');
