-- tenant_b has been taken over and is a team of another name now. Its tables move with the schema.
ALTER SCHEMA tenant_b RENAME TO tenant_north;
ALTER TABLE tenant_north.customers RENAME COLUMN email TO contact_email;
