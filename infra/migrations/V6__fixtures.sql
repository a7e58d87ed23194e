-- What can be bet on: a tenant's offer of matches.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE fixtures (
    tenant_id bigint NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    sport_id integer NOT NULL,
    home text NOT NULL,
    away text NOT NULL,
    starts_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('fixtures', 'tenant_id', colocate_with => 'tenants');
ALTER TABLE fixtures ADD CONSTRAINT fixtures_sport FOREIGN KEY (sport_id) REFERENCES sports (id);
