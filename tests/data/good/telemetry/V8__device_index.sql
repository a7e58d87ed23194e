-- Which devices can do what, within a tenant: btree_gin lets the two sit in one index.
CREATE INDEX devices_capabilities ON devices USING gin (tenant_id, capabilities);
CREATE INDEX devices_by_site ON devices (tenant_id, site_id) INCLUDE (serial, firmware);
