ALTER TABLE ledger.lines ADD CONSTRAINT lines_not_zero CHECK (amount <> 0);
