-- From readings to hours, for all tenants: INSERT … SELECT over the same column runs on the shards.
-- PL/pgSQL, not SQL: Citus plans a distributed query with parameters in the former only.
CREATE OR REPLACE FUNCTION roll_up(since timestamptz, until timestamptz) RETURNS void
LANGUAGE plpgsql AS $roll$
BEGIN
    INSERT INTO readings_hourly AS h (tenant_id, device_id, metric, hour, samples, lowest, highest, mean)
    SELECT r.tenant_id, r.device_id, r.metric, date_trunc('hour', r.taken_at, 'UTC'),
           count(*), min(r.value), max(r.value), avg(r.value)
      FROM readings r
     WHERE r.taken_at >= since AND r.taken_at < until
     GROUP BY r.tenant_id, r.device_id, r.metric, date_trunc('hour', r.taken_at, 'UTC')
    ON CONFLICT (tenant_id, device_id, metric, hour) DO UPDATE
       SET samples = excluded.samples, lowest = excluded.lowest, highest = excluded.highest, mean = excluded.mean;
END;
$roll$;
