CREATE VIEW revenue AS
SELECT o.tenant_id, date_trunc('day', o.ordered_at) AS day, sum(o.gross) AS gross
  FROM orders o
 WHERE o.status <> 'gone'
 GROUP BY o.tenant_id, date_trunc('day', o.ordered_at);
