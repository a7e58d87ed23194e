-- A player's money, one wallet a currency, in minor units.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE wallets (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    user_id uuid NOT NULL,
    currency char(3) NOT NULL,
    balance_minor bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, currency),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
SELECT create_distributed_table('wallets', 'tenant_id', colocate_with => 'tenants');
-- The foreign key to the reference table comes after the distribution: before it, Citus would take this table into
-- its metadata as a local one.
ALTER TABLE wallets ADD CONSTRAINT wallets_currency FOREIGN KEY (currency) REFERENCES currencies (code);
