CREATE STATISTICS devices_tenant_unit (dependencies) ON tenant_id, unit FROM devices;
