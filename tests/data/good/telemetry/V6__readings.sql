-- The readings. The key holds the distribution column for Citus and the partition column for PostgreSQL.
CREATE TABLE readings (
    tenant_id bigint NOT NULL,
    device_id bigint NOT NULL,
    metric text NOT NULL,
    taken_at timestamptz NOT NULL,
    value double precision NOT NULL,
    quality smallint NOT NULL DEFAULT 100,
    PRIMARY KEY (tenant_id, device_id, metric, taken_at)
) PARTITION BY RANGE (taken_at);
CREATE TABLE readings_2025_12 PARTITION OF readings
    FOR VALUES FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
SELECT create_distributed_table('readings', 'tenant_id', colocate_with => 'sites');
CREATE INDEX readings_taken ON readings USING brin (taken_at) WITH (pages_per_range = 64);
