-- Schema-based sharding: a tenant is a schema, and its tables lie together on one node, without a tenant column.
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
