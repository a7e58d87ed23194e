-- What shop owners look at, and a summary that a nightly job refreshes.
CREATE VIEW order_totals AS
SELECT o.tenant_id, o.id AS order_id, o.status, o.currency, sum(l.total_minor)::bigint AS total_minor
  FROM orders o
  JOIN order_lines l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
 GROUP BY o.tenant_id, o.id, o.status, o.currency;

CREATE MATERIALIZED VIEW sales_by_day AS
SELECT o.tenant_id, o.placed_at::date AS day, o.currency, count(*) AS orders
  FROM orders o
 WHERE o.placed_at IS NOT NULL
 GROUP BY o.tenant_id, o.placed_at::date, o.currency
  WITH NO DATA;
CREATE UNIQUE INDEX sales_by_day_key ON sales_by_day (tenant_id, day, currency);
REFRESH MATERIALIZED VIEW sales_by_day;
