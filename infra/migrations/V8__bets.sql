-- A bet holds the price it was placed at. Types come first: Citus creates them on every node one after the other.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TYPE bet_status AS ENUM ('placed', 'won', 'lost', 'void');

CREATE TABLE bets (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    user_id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    odds_id uuid NOT NULL,
    currency char(3) NOT NULL,
    stake_minor bigint NOT NULL CHECK (stake_minor > 0),
    price numeric(8, 3) NOT NULL CHECK (price > 1),
    status bet_status NOT NULL DEFAULT 'placed',
    placed_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, wallet_id) REFERENCES wallets (tenant_id, id),
    FOREIGN KEY (tenant_id, odds_id) REFERENCES odds (tenant_id, id)
);
SELECT create_distributed_table('bets', 'tenant_id', colocate_with => 'tenants');
ALTER TABLE bets ADD CONSTRAINT bets_currency FOREIGN KEY (currency) REFERENCES currencies (code);
