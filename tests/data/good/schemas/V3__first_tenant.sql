SET LOCAL citus.enable_schema_based_sharding TO on;
CREATE SCHEMA acme;
