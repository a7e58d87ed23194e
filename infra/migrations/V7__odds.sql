-- The current price of each outcome; its history is in odds_events.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE odds (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    fixture_id uuid NOT NULL,
    market_id integer NOT NULL,
    outcome text NOT NULL,
    price numeric(8, 3) NOT NULL CHECK (price > 1),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, fixture_id, market_id, outcome),
    FOREIGN KEY (tenant_id, fixture_id) REFERENCES fixtures (tenant_id, id)
);
SELECT create_distributed_table('odds', 'tenant_id', colocate_with => 'tenants');
ALTER TABLE odds ADD CONSTRAINT odds_market FOREIGN KEY (market_id) REFERENCES markets (id);
