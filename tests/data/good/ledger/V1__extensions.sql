-- Accounting for many companies in one cluster. pgcrypto is for the digests of closed periods.
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
