INSERT INTO daily (tenant_id, device_id, day, lowest, highest)
SELECT tenant_id, device_id, (at AT TIME ZONE 'UTC')::date, min(value), max(value)
  FROM readings GROUP BY tenant_id, device_id, (at AT TIME ZONE 'UTC')::date
ON CONFLICT (tenant_id, device_id, day) DO NOTHING;
