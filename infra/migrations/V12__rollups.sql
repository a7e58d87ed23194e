-- Totals that the application keeps in the transaction that writes the event: Citus has no triggers.
-- How: docs/15-INCREMENTAL-VIEW-UPDATES.md
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE bet_daily_totals (
    tenant_id bigint NOT NULL,
    day date NOT NULL,
    currency char(3) NOT NULL,
    bets bigint NOT NULL DEFAULT 0,
    stake_minor bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day, currency)
);
CREATE TABLE user_totals (
    tenant_id bigint NOT NULL,
    user_id uuid NOT NULL,
    bets bigint NOT NULL DEFAULT 0,
    last_bet_at timestamptz,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
SELECT create_distributed_table('bet_daily_totals', 'tenant_id', colocate_with => 'tenants');
SELECT create_distributed_table('user_totals', 'tenant_id', colocate_with => 'tenants');
