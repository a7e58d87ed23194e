-- Triggers: refused on every Citus table but a Citus-local one.

-- What counts as a trigger (trigger.c:241, GetExplicitTriggerIdList): neither internal nor a partition's clone.
CREATE FUNCTION citus_internal.has_triggers(relation oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger t
                    WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgparentid = 0)
$$;

-- ErrorOutForTriggerIfNotSupported (commands/trigger.c:676)
CREATE FUNCTION citus_internal.check_trigger_command(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.is_on('enable_unsafe_triggers', false) THEN
        RETURN;
    END IF;
    CASE citus_internal.kind(relation)
        WHEN 'reference' THEN  -- trigger.c:687
            RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'triggers are not supported on reference tables';
        WHEN 'distributed', 'append', 'single_shard' THEN  -- trigger.c:691
            RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'triggers are not supported on distributed tables';
        ELSE
            RETURN;
    END CASE;
END $$;

-- ErrorIfUnsupportedTriggerDependsOnExtension (commands/trigger.c:517, 716): refused even with the unsafe setting
CREATE FUNCTION citus_internal.check_trigger_extension(relation oid, trigger text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format(
            'trigger "%s" depends on an extension and this is not supported for distributed tables and local tables '
            'added to metadata', trigger);
    END IF;
END $$;

-- EnsureRelationHasNoTriggers (commands/create_distributed_table.c:2373)
CREATE FUNCTION citus_internal.ensure_no_triggers(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
BEGIN
    IF citus_internal.has_triggers(relation) AND NOT citus_internal.is_on('enable_unsafe_triggers', false) THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = format('cannot distribute relation "%s" because it has triggers', name),
            HINT = format('Consider dropping all the triggers on "%s" and retry.', name);
    END IF;
END $$;
