-- The hours before V14, once.
INSERT INTO readings_hourly (tenant_id, device_id, metric, hour, samples, lowest, highest, mean)
SELECT tenant_id, device_id, metric, date_trunc('hour', taken_at, 'UTC'), count(*), min(value), max(value), avg(value)
  FROM readings
 GROUP BY 1, 2, 3, 4
ON CONFLICT DO NOTHING;
