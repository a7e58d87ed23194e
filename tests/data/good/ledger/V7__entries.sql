-- Journal entries take their number from a sequence: unique everywhere, with gaps, which the law allows.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE SEQUENCE ledger.entry_numbers AS bigint START WITH 100000 CACHE 50;
CREATE TABLE ledger.entries (
    tenant_id bigint NOT NULL,
    entry_no bigint NOT NULL DEFAULT nextval('ledger.entry_numbers'),
    period_id bigint NOT NULL,
    state ledger.entry_state NOT NULL DEFAULT 'draft',
    booked_on date NOT NULL,
    memo varchar(120),
    CONSTRAINT entries_pkey PRIMARY KEY (tenant_id, entry_no),
    CONSTRAINT entries_period FOREIGN KEY (tenant_id, period_id) REFERENCES ledger.periods (tenant_id, period_id)
);
SELECT create_distributed_table('ledger.entries', 'tenant_id', colocate_with => 'ledger.companies');
