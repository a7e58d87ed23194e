-- A device is known by its serial number, which is unique for its owner only.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE DOMAIN serial_number AS varchar(40) CHECK (VALUE !~ '\s');
CREATE TABLE devices (
    tenant_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000),
    site_id bigint NOT NULL,
    serial serial_number NOT NULL,
    firmware text,
    capabilities text[] NOT NULL DEFAULT '{}',
    installed_on date NOT NULL DEFAULT current_date,
    CONSTRAINT devices_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT devices_serial_once UNIQUE (tenant_id, serial),
    CONSTRAINT devices_site FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id)
);
SELECT create_distributed_table('devices', 'tenant_id', colocate_with => 'sites');
