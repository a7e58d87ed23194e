-- What staff did, kept by the month: a month that is no longer kept goes as one DROP TABLE.
-- The key holds the distribution column for Citus and the partition column for PostgreSQL.
CREATE TABLE audit_log (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    actor text NOT NULL,
    action text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE audit_log_2026_01 PARTITION OF audit_log
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
CREATE TABLE audit_log_2026_02 PARTITION OF audit_log
    FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00');
SELECT create_distributed_table('audit_log', 'tenant_id', colocate_with => 'tenants');
