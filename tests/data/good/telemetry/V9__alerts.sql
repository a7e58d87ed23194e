-- Rules that raise alerts, and the alerts. A severity is ordered, so it is an enum.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TYPE severity AS ENUM ('info', 'warning', 'critical');
CREATE TABLE alert_rules (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    metric text NOT NULL,
    allowed numrange NOT NULL DEFAULT '(,)',
    severity severity NOT NULL DEFAULT 'warning',
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('alert_rules', 'tenant_id', colocate_with => 'sites');
ALTER TABLE alert_rules ADD CONSTRAINT alert_rules_metric FOREIGN KEY (metric) REFERENCES metrics (name) ON UPDATE CASCADE;
