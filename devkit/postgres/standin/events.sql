-- The watch over statements that nobody parsed for us (DO blocks, EXECUTE, functions), and the net below all others.

-- The text of the innermost statement that runs: from PL/pgSQL's context, or NULL at top level.
CREATE FUNCTION citus_internal.nested_statement(context text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    -- the first SQL statement named after the event trigger's own line
    SELECT (regexp_match(context, '\nSQL statement "(.*?)"\n(?:PL/pgSQL function|SQL function)'))[1]
$$;

-- What a word of the grammar for a possibly qualified, possibly quoted name looks like
CREATE FUNCTION citus_internal.named_relation(statement text, before_name text) RETURNS regclass
LANGUAGE plpgsql STABLE AS $$
DECLARE
    identifier constant text := '(?:"(?:[^"]|"")+"|[[:alpha:]_\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)';
    bare text := regexp_replace(regexp_replace(statement, '/\*.*?\*/', ' ', 'g'), '--[^\n]*', ' ', 'g');
    found text[];
BEGIN
    found := regexp_match(bare, '^\s*' || before_name || '\s*(' || identifier || '(?:\s*\.\s*' || identifier || ')?)', 'i');
    RETURN to_regclass(found[1]);
END $$;

-- Before a nested statement: DROP TRIGGER (IF EXISTS reports nothing afterwards) and ENABLE or DISABLE TRIGGER.
CREATE FUNCTION citus_internal.on_command_start() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    context text;
    statement text;
    word constant text := '(?:"(?:[^"]|"")+"|\S+)';
    relation regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) OR NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    END IF;
    GET DIAGNOSTICS context = PG_CONTEXT;
    statement := citus_internal.nested_statement(context);
    IF statement IS NULL THEN
        RETURN;
    END IF;
    IF tg_tag = 'DROP TRIGGER' THEN
        relation := citus_internal.named_relation(statement, 'DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?' || word || '\s+ON\s');
    ELSIF statement ~* '\m(ENABLE|DISABLE)\s+((ALWAYS|REPLICA)\s+)?TRIGGER\M' THEN
        relation := citus_internal.named_relation(statement, 'ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s)?');
    END IF;
    IF relation IS NOT NULL THEN
        PERFORM citus_internal.check_trigger_command(relation);
    END IF;
END $$;

CREATE FUNCTION citus_internal.on_command_end() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    command record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) OR NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    END IF;
    FOR command IN SELECT c.classid, c.objid, c.object_type FROM pg_event_trigger_ddl_commands() c WHERE NOT c.in_extension
    LOOP
        CASE command.object_type
            WHEN 'trigger' THEN
                PERFORM citus_internal.check_trigger_command(
                    (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = command.objid));
            WHEN 'index' THEN
                PERFORM citus_internal.check_unique_index(command.objid);
            WHEN 'table' THEN
                PERFORM citus_internal.after_table(command.objid, tg_tag);
            ELSE
                NULL;
        END CASE;
    END LOOP;
END $$;

-- PostprocessAlterTableStmt and PostprocessCreateTableStmt: keys anew, new partitions into metadata
CREATE FUNCTION citus_internal.after_table(relation oid, tag text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part record;
BEGIN
    FOR part IN  -- CREATE TABLE … PARTITION OF names the partition, ALTER TABLE … ATTACH PARTITION the parent
        SELECT i.inhrelid, i.inhparent FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
         WHERE relation IN (i.inhrelid, i.inhparent) AND c.relispartition
    LOOP
        PERFORM citus_internal.join_parent(part.inhrelid, part.inhparent);
    END LOOP;
    IF tag = 'ALTER TABLE' THEN
        PERFORM citus_internal.check_constraints(relation);
    END IF;
END $$;

CREATE FUNCTION citus_internal.on_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dropped record;
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NULL OR NOT EXISTS (SELECT FROM pg_dist_partition) THEN
        RETURN;
    END IF;
    FOR dropped IN SELECT * FROM pg_event_trigger_dropped_objects() LOOP
        IF dropped.classid = 'pg_class'::regclass AND dropped.objsubid = 0 THEN
            DELETE FROM pg_dist_partition p WHERE p.logicalrelid::oid = dropped.objid;
        ELSIF dropped.object_type = 'trigger' AND dropped.original AND citus_internal.is_on('enable_ddl_propagation', true) THEN
            PERFORM citus_internal.check_trigger_command(to_regclass(
                format('%I.%I', dropped.address_names[1], dropped.address_names[2])));
        END IF;
    END LOOP;
END $$;

CREATE EVENT TRIGGER citus_command_start ON ddl_command_start EXECUTE FUNCTION citus_internal.on_command_start();
CREATE EVENT TRIGGER citus_command_end ON ddl_command_end EXECUTE FUNCTION citus_internal.on_command_end();
CREATE EVENT TRIGGER citus_drop ON sql_drop EXECUTE FUNCTION citus_internal.on_drop();
-- also under session_replication_role = replica, where others are silent
ALTER EVENT TRIGGER citus_command_start ENABLE ALWAYS;
ALTER EVENT TRIGGER citus_command_end ENABLE ALWAYS;
ALTER EVENT TRIGGER citus_drop ENABLE ALWAYS;
