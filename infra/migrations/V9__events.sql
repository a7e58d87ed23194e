-- Everything that happened, once each: the id is the idempotency key of whoever wrote the event.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE bet_events (
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    tenant_id bigint NOT NULL,
    bet_id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, bet_id) REFERENCES bets (tenant_id, id)
);
CREATE TABLE wallet_events (
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    tenant_id bigint NOT NULL,
    wallet_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, wallet_id) REFERENCES wallets (tenant_id, id)
);
CREATE TABLE odds_events (
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    tenant_id bigint NOT NULL,
    odds_id uuid NOT NULL,
    price numeric(8, 3) NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, odds_id) REFERENCES odds (tenant_id, id)
);
SELECT create_distributed_table('bet_events', 'tenant_id', colocate_with => 'tenants');
SELECT create_distributed_table('wallet_events', 'tenant_id', colocate_with => 'tenants');
SELECT create_distributed_table('odds_events', 'tenant_id', colocate_with => 'tenants');
