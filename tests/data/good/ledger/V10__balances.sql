CREATE VIEW ledger.balances AS
SELECT l.tenant_id, e.book_id, l.account, l.currency, sum(l.amount) AS balance
  FROM ledger.lines l
  JOIN ledger.entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
 GROUP BY l.tenant_id, e.book_id, l.account, l.currency;
