-- The customers that both tenants were promised to start with.
INSERT INTO tenant_a.customers (email, plan, region) VALUES ('office@tenant-a.example', 'pro', 'eu');
INSERT INTO tenant_b.customers (email, region) VALUES ('hello@tenant-b.example', 'na'), ('lab@tenant-b.example', 'eu');
WITH owner AS (SELECT id FROM tenant_a.customers WHERE email = 'office@tenant-a.example')
INSERT INTO tenant_a.projects (customer_id, title, labels) SELECT id, 'Welcome', ARRAY['first', 'sample'] FROM owner;
