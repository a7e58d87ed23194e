-- The archive has outgrown the coordinator: it becomes a tenant like the others,
-- tables, keys and all.
SELECT citus_schema_distribute('archive');
