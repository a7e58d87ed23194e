-- A bet is paid from the wallet before it is placed. Constraints on distributed tables need a name.
ALTER TABLE wallets ADD CONSTRAINT wallets_never_negative CHECK (balance_minor >= 0);
