-- The last value of each device and metric in the last day.
CREATE VIEW latest_readings AS
SELECT DISTINCT ON (r.tenant_id, r.device_id, r.metric)
       r.tenant_id, r.device_id, d.serial, r.metric, r.value, u.symbol, r.taken_at
  FROM readings r
  JOIN devices d ON d.tenant_id = r.tenant_id AND d.id = r.device_id
  JOIN metrics m ON m.name = r.metric
  JOIN units u ON u.id = m.unit_id
 WHERE r.taken_at > now() - interval '1 day'
 ORDER BY r.tenant_id, r.device_id, r.metric, r.taken_at DESC;
COMMENT ON VIEW latest_readings IS $$What the map shows; "live" means: of the last day$$;
