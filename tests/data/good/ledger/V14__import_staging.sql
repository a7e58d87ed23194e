-- Where bank files are put before they become entries. The digest tells the importer what it has read already.
CREATE TABLE ledger.import_lines (
    tenant_id bigint NOT NULL,
    file_name text NOT NULL,
    line_no bigint NOT NULL,
    raw jsonb NOT NULL,
    digest text GENERATED ALWAYS AS (md5(raw::text)) STORED,
    CONSTRAINT import_lines_pkey PRIMARY KEY (tenant_id, file_name, line_no)
);
SELECT create_distributed_table('ledger.import_lines', 'tenant_id', colocate_with => 'ledger.companies');
