ALTER TABLE ledger.entries ADD COLUMN document text;
CREATE UNIQUE INDEX entries_document ON ledger.entries (tenant_id, document) WHERE document IS NOT NULL;
