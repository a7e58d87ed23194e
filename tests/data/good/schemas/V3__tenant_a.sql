-- The first tenant. With the setting on, Citus distributes the schema as it is made.
SET LOCAL citus.enable_schema_based_sharding TO on;
CREATE SCHEMA tenant_a;
