-- The chart of accounts is a tree within the company. A title is given once among siblings, and NULLS NOT DISTINCT
-- makes siblings of the roots, too.
SET LOCAL search_path TO ledger, public;
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE accounts (
    tenant_id bigint NOT NULL,
    code account_code NOT NULL,
    parent account_code,
    class text NOT NULL,
    title text NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id, code),
    CONSTRAINT accounts_title_once UNIQUE NULLS NOT DISTINCT (tenant_id, class, parent, title),
    CONSTRAINT accounts_not_own_parent CHECK (parent IS DISTINCT FROM code),
    CONSTRAINT accounts_parent FOREIGN KEY (tenant_id, parent) REFERENCES accounts (tenant_id, code),
    CONSTRAINT accounts_company FOREIGN KEY (tenant_id) REFERENCES companies (tenant_id)
);
SELECT create_distributed_table('accounts', 'tenant_id', colocate_with => 'companies');
ALTER TABLE accounts ADD CONSTRAINT accounts_class FOREIGN KEY (class) REFERENCES account_classes (class);
