SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE ledger.lines ADD CONSTRAINT lines_currency FOREIGN KEY (currency) REFERENCES ledger.currencies (code);
