-- Devices that report: time-series tables by the month, distributed by tenant.
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS btree_gin;
