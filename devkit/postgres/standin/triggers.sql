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
            PERFORM citus_internal.refuse('XX000', 'triggers are not supported on reference tables');
        WHEN 'hash', 'range', 'append', 'single_shard' THEN  -- trigger.c:691
            PERFORM citus_internal.refuse('XX000', 'triggers are not supported on distributed tables');
        ELSE
            RETURN;
    END CASE;
END $$;

-- PreprocessAlterTriggerDependsStmt (commands/trigger.c:517): refused even with the unsafe setting
CREATE FUNCTION citus_internal.check_trigger_extension(relation oid, trigger text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format(
                'trigger "%s" depends on an extension and this is not supported for distributed tables and local tables '
                'added to metadata', trigger),
            detail => 'Triggers from extensions are expected to be created on the workers by the extension they depend on.');
    END IF;
END $$;

-- ErrorIfRelationHasUnsupportedTrigger (commands/trigger.c:716)
CREATE FUNCTION citus_internal.ensure_no_extension_triggers(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    trigger text;
BEGIN
    SELECT t.tgname INTO trigger FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid AND d.deptype IN ('e', 'x')
     WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY t.tgname LIMIT 1;
    IF trigger IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format(
                'trigger "%s" depends on an extension and this is not supported for distributed tables and local tables '
                'added to metadata', trigger));
    END IF;
END $$;

-- EnsureRelationHasNoTriggers (commands/create_distributed_table.c:2373), for those who do not really want them
CREATE FUNCTION citus_internal.ensure_no_triggers(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
BEGIN
    IF citus_internal.is_on('enable_unsafe_triggers', false) THEN
        PERFORM citus_internal.ensure_no_extension_triggers(relation);
    ELSIF citus_internal.has_triggers(relation) THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot distribute relation "%s" because it has triggers', name),
            hint => format('Consider dropping all the triggers on "%s" and retry.', name));
    END IF;
END $$;
