CREATE DOMAIN serial_number AS text CHECK (VALUE ~ '^[A-Z0-9-]{4,40}$');
CREATE TABLE devices (
    tenant_id bigint NOT NULL REFERENCES accounts (tenant_id),
    id uuid NOT NULL,
    number serial_number NOT NULL,
    seen tstzrange,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number)
);
SELECT create_distributed_table('devices', 'tenant_id', colocate_with => 'accounts');
