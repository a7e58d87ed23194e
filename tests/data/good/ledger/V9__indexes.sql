-- The statement of an account reads one index; drafts are few and asked for all the time; memos are searched in lower case.
CREATE INDEX postings_statement ON ledger.postings (tenant_id, account) INCLUDE (debit_minor, credit_minor);
CREATE INDEX entries_drafts ON ledger.entries (tenant_id, booked_on) WHERE state = 'draft';
CREATE INDEX entries_memo ON ledger.entries (tenant_id, lower(memo) text_pattern_ops);
