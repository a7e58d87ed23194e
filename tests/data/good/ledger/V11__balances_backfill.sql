-- The balances of what was posted before V10. Both sides have the tenant in the join, so each shard does its own.
MERGE INTO ledger.balances b
USING (
    SELECT p.tenant_id, e.period_id, p.account,
           coalesce(sum(p.debit_minor), 0)::bigint AS debit_minor,
           coalesce(sum(p.credit_minor), 0)::bigint AS credit_minor
      FROM ledger.postings p
      JOIN ledger.entries e ON e.tenant_id = p.tenant_id AND e.entry_no = p.entry_no
     WHERE e.state = 'posted'
     GROUP BY p.tenant_id, e.period_id, p.account
) s ON b.tenant_id = s.tenant_id AND b.period_id = s.period_id AND b.account = s.account
WHEN MATCHED THEN UPDATE SET debit_minor = s.debit_minor, credit_minor = s.credit_minor
WHEN NOT MATCHED THEN INSERT (tenant_id, period_id, account, debit_minor, credit_minor)
    VALUES (s.tenant_id, s.period_id, s.account, s.debit_minor, s.credit_minor);
