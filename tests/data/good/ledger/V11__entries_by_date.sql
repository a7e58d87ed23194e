CREATE INDEX entries_by_date ON ledger.entries (tenant_id, book_id, booked_on);
