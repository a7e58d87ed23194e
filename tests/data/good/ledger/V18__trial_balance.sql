-- The sum that must be zero, by company and period, and the function that the closing job calls.
CREATE VIEW ledger.trial_balance AS
SELECT b.tenant_id, b.period_id, sum(b.net_minor)::bigint AS difference_minor
  FROM ledger.balances b
 GROUP BY b.tenant_id, b.period_id;
CREATE FUNCTION ledger.is_balanced(p_tenant_id bigint, p_period_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = ledger, pg_temp AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM trial_balance t
         WHERE t.tenant_id = p_tenant_id AND t.period_id = p_period_id AND t.difference_minor <> 0);
END $$;
