-- The totals of all bets placed before V12, group by group within each tenant.
INSERT INTO bet_daily_totals (tenant_id, day, currency, bets, stake_minor)
SELECT tenant_id, (placed_at AT TIME ZONE 'UTC')::date, currency, count(*), sum(stake_minor)::bigint
  FROM bets
 GROUP BY tenant_id, (placed_at AT TIME ZONE 'UTC')::date, currency
ON CONFLICT (tenant_id, day, currency) DO UPDATE
   SET bets = excluded.bets, stake_minor = excluded.stake_minor;
