CREATE SEQUENCE ledger.document_numbers AS bigint START WITH 100000 CACHE 50;
