-- Alerts by the quarter. There is always a partition: what fits nowhere goes to the default one.
CREATE TABLE alerts (
    tenant_id bigint NOT NULL,
    rule_id bigint NOT NULL,
    device_id bigint NOT NULL,
    raised_at timestamptz NOT NULL,
    cleared_at timestamptz,
    note text,
    PRIMARY KEY (tenant_id, rule_id, device_id, raised_at),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES alert_rules (tenant_id, id),
    CHECK (cleared_at IS NULL OR cleared_at >= raised_at)
) PARTITION BY RANGE (raised_at);
CREATE TABLE alerts_2026_q1 PARTITION OF alerts FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-04-01 00:00:00+00');
CREATE TABLE alerts_other PARTITION OF alerts DEFAULT;
SELECT create_distributed_table('alerts', 'tenant_id', colocate_with => 'sites');
