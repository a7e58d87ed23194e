-- What began as a plain schema becomes a tenant's.
SELECT citus_schema_distribute('intranet');
