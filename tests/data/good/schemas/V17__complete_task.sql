-- Completing a task, in the tenant's schema, with the tenant's own search path.
CREATE FUNCTION tenant_a.complete_task(p_task uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = tenant_a, pg_temp AS $fn$
BEGIN
    UPDATE tasks SET state = 'done' WHERE id = p_task AND state <> 'done';
    RETURN FOUND;
END;
$fn$;
