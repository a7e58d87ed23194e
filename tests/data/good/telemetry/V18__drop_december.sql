-- December is no longer kept. Detached first, so that readers of the other months do not wait for the drop.
SET LOCAL lock_timeout TO '5s';
ALTER TABLE readings DETACH PARTITION readings_2025_12;
DROP TABLE readings_2025_12;
