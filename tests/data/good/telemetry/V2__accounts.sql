CREATE TABLE accounts (
    tenant_id bigint PRIMARY KEY,
    label text
);
SELECT create_distributed_table('accounts', 'tenant_id');
