-- Event triggers: the watch over statements that nobody parsed for us, and what follows from those that ran.

-- EnsureSequentialMode and ShouldPropagateCreateInCoordinatedTransction (commands/dependencies.c:614), for what goes to
-- all nodes whether or not a Citus table exists yet
CREATE FUNCTION citus_internal.on_object_start() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    propagation text := citus_internal.setting('create_object_propagation', 'immediate');
BEGIN
    IF NOT citus_internal.records_access() OR NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    ELSIF tg_tag LIKE 'CREATE %' AND NOT citus_internal.is_sequential()
          AND (propagation = 'deferred' OR propagation = 'automatic' AND citus_internal.was_parallel()) THEN
        RETURN;
    END IF;
    PERFORM citus_internal.ensure_sequential(citus_internal.sequential_object(tg_tag));
END $$;

-- Before a statement that may be nested: its facts are read from its text, and checked as a parsed one's are.
CREATE FUNCTION citus_internal.on_command_start() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    context text;
    facts jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema) THEN
        RETURN;
    END IF;
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF context LIKE '%citus_internal.check_sequence_types(%' THEN
        RETURN;  -- our own ALTER SEQUENCE
    ELSIF citus_internal.is_nested(context) THEN
        facts := citus_internal.read_statement(citus_internal.running_statement(citus_internal.nested_statement(context), tg_tag));
        IF facts IS NULL THEN
            PERFORM set_config('citus_internal.statement', '', false);
        ELSE
            PERFORM citus_internal.before_statement(facts);
        END IF;
    END IF;
END $$;

-- After a statement: objects that Citus refuses, in whatever way they came; then what Citus does on its own.
CREATE FUNCTION citus_internal.on_command_end() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    context text;
    nested boolean;
    facts jsonb;
    command record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema)
       AND NOT citus_internal.is_on('enable_schema_based_sharding', false)
       AND NOT citus_internal.is_on('use_citus_managed_tables', false) THEN
        RETURN;
    END IF;
    GET DIAGNOSTICS context = PG_CONTEXT;
    nested := citus_internal.is_nested(context);
    facts := nullif(current_setting('citus_internal.statement', true), '')::jsonb;
    PERFORM set_config('citus_internal.statement', '', false);
    FOR command IN
        SELECT DISTINCT c.objid, c.object_type, c.command_tag FROM pg_event_trigger_ddl_commands() c
         WHERE NOT c.in_extension
    LOOP
        IF command.object_type IN ('table', 'foreign table') AND command.command_tag <> tg_tag THEN
            CONTINUE;  -- a part of CREATE TABLE
        ELSIF command.object_type IN ('table', 'foreign table') AND tg_tag LIKE 'ALTER %' THEN
            PERFORM citus_internal.after_alter(
                command.objid, CASE WHEN (facts ->> 'oid')::oid = command.objid THEN facts END, nested);
        ELSIF command.object_type IN ('table', 'foreign table') THEN
            PERFORM citus_internal.after_create_table(command.objid, nested);
        ELSIF NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
            CONTINUE;
        ELSIF command.object_type = 'trigger' THEN
            PERFORM citus_internal.check_trigger_command(
                (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = command.objid));
        ELSIF command.object_type = 'index' AND tg_tag = 'CREATE INDEX' THEN
            PERFORM citus_internal.after_create_index(command.objid);
        ELSIF command.object_type = 'policy' THEN
            PERFORM citus_internal.after_policy(command.objid);
        ELSIF command.object_type = 'sequence' AND tg_tag = 'CREATE SEQUENCE' THEN
            PERFORM citus_internal.after_create_sequence(command.objid);
        ELSIF command.object_type = 'schema' AND tg_tag = 'CREATE SCHEMA' THEN
            PERFORM citus_internal.after_create_schema(command.objid::regnamespace);
        END IF;
    END LOOP;
END $$;

-- PostprocessCreateTableStmt (commands/table.c:230), and ConvertNewTableIfNecessary (:4236) for top-level statements
CREATE FUNCTION citus_internal.after_create_table(relation regclass, nested boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    tenant boolean := citus_internal.is_tenant_schema(citus_internal.schema_of(relation));
    class pg_catalog.pg_class;
    parent oid;
    key pg_catalog.pg_constraint;
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    IF class.reloftype <> 0 AND tenant THEN  -- :241
        PERFORM citus_internal.refuse('0A000', 'cannot create tables in a distributed schema using CREATE TABLE OF syntax');
    END IF;
    IF citus_internal.converts_local_tables() AND NOT tenant THEN  -- PostprocessCreateTableStmtForeignKeys
        FOR key IN SELECT * FROM citus_internal.foreign_keys_from(relation) LOOP
            IF key.confrelid <> relation AND citus_internal.kind(key.confrelid) IN ('reference', 'local') THEN
                PERFORM citus_internal.after_foreign_key(relation, key.confrelid);
            END IF;
        END LOOP;
    END IF;
    FOR parent IN SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = relation LOOP
        IF class.relispartition THEN
            PERFORM citus_internal.after_create_partition(relation, parent);
        ELSE
            PERFORM citus_internal.check_inheritance(relation, parent);
        END IF;
    END LOOP;
    IF nested OR class.relispartition OR class.relpersistence = 't' OR citus_internal.kind(relation) IS NOT NULL THEN
        RETURN;
    ELSIF tenant THEN
        PERFORM citus_internal.create_tenant_table(relation);
    ELSIF citus_internal.is_on('use_citus_managed_tables', false) AND citus_internal.has_coordinator() THEN
        PERFORM citus_add_local_table_to_metadata(relation, true);  -- ShouldAddNewTableToMetadata
    END IF;
END $$;

CREATE FUNCTION citus_internal.after_alter(relation regclass, facts jsonb, nested boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    commands jsonb := coalesce(facts -> 'subcommands', '[]');
    part oid;
    key record;
BEGIN
    PERFORM citus_internal.check_distribution_column(relation);
    IF NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    END IF;
    IF facts ->> 'command' = 'SET SCHEMA' THEN
        PERFORM citus_internal.after_set_schema(relation, NOT nested);
        RETURN;
    END IF;
    IF commands @> '[{"type": "AttachPartition"}]' THEN
        FOR part IN SELECT citus_internal.partitions(relation) LOOP
            PERFORM citus_internal.after_attach(part, relation);
        END LOOP;
    END IF;
    -- keys that this statement made
    FOR key IN SELECT k.conrelid, k.confrelid FROM citus_internal.foreign_keys_from(relation) k
                WHERE commands @> '[{"constraints": [{"type": "FOREIGN"}]}]' LOOP
        PERFORM citus_internal.after_foreign_key(key.conrelid, key.confrelid);
    END LOOP;
    IF citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.after_alter_table(relation, commands);
        IF commands @? '$[*].type ? (@ == "AddColumn" || @ == "AddConstraint" || @ == "ColumnDefault" || @ == "AlterColumnType")' THEN
            PERFORM citus_internal.check_dependencies(relation);  -- PostprocessAlterTableStmt
        END IF;
        PERFORM citus_internal.note_access(relation, 'DDL');
    END IF;
    IF commands @> '[{"type": "DropConstraint"}]' OR commands @> '[{"type": "DropColumn"}]' THEN
        PERFORM citus_internal.release_disconnected();
    END IF;
END $$;

CREATE FUNCTION citus_internal.after_create_index(index oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    relation oid := (SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = index);
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.check_unique_index(index);
        PERFORM citus_internal.note_access(relation, 'DDL');
    END IF;
END $$;

-- citus_drop_trigger (sql_drop) of the real extension: what is gone leaves the metadata. DROP TRIGGER itself is refused.
CREATE FUNCTION citus_internal.on_drop() RETURNS event_trigger
LANGUAGE plpgsql AS $$
DECLARE
    dropped record;
    any_table boolean := false;
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN
        RETURN;  -- DROP EXTENSION citus
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema) THEN
        RETURN;
    END IF;
    FOR dropped IN SELECT d.* FROM pg_event_trigger_dropped_objects() d LOOP
        IF dropped.object_type IN ('table', 'foreign table') THEN
            any_table := true;
            PERFORM citus_internal.forget_table(dropped.objid);
        ELSIF dropped.classid = 'pg_catalog.pg_namespace'::regclass THEN
            PERFORM citus_internal.forget_schema(dropped.objid);
        ELSIF tg_tag = 'DROP TRIGGER' AND dropped.object_type = 'trigger' AND dropped.original
              AND citus_internal.is_on('enable_ddl_propagation', true) THEN  -- ATTACH PARTITION drops a key's, too
            PERFORM citus_internal.check_trigger_command(to_regclass(
                format('%I.%I', dropped.address_names[1], dropped.address_names[2])));
        END IF;
    END LOOP;
    IF any_table THEN
        PERFORM citus_internal.release_disconnected();
    END IF;
END $$;

CREATE EVENT TRIGGER citus_object_start ON ddl_command_start
    WHEN TAG IN ('CREATE TYPE', 'ALTER TYPE', 'DROP TYPE', 'CREATE DOMAIN', 'CREATE COLLATION', 'CREATE FUNCTION',
                 'CREATE PROCEDURE', 'CREATE EXTENSION', 'CREATE SCHEMA', 'DROP VIEW')
    EXECUTE FUNCTION citus_internal.on_object_start();
CREATE EVENT TRIGGER citus_command_start ON ddl_command_start
    WHEN TAG IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER INDEX', 'ALTER TRIGGER', 'ALTER SEQUENCE', 'CREATE INDEX', 'CREATE STATISTICS',
                 'DROP TRIGGER', 'DROP INDEX', 'GRANT', 'REVOKE')
    EXECUTE FUNCTION citus_internal.on_command_start();
CREATE EVENT TRIGGER citus_command_end ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE FOREIGN TABLE', 'ALTER TABLE',
                 'ALTER FOREIGN TABLE', 'CREATE INDEX', 'CREATE TRIGGER', 'ALTER TRIGGER', 'CREATE POLICY', 'ALTER POLICY',
                 'CREATE SEQUENCE', 'CREATE SCHEMA')
    EXECUTE FUNCTION citus_internal.on_command_end();
CREATE EVENT TRIGGER citus_drop ON sql_drop EXECUTE FUNCTION citus_internal.on_drop();
-- also under session_replication_role = replica, where others are silent
ALTER EVENT TRIGGER citus_object_start ENABLE ALWAYS;
ALTER EVENT TRIGGER citus_command_start ENABLE ALWAYS;
ALTER EVENT TRIGGER citus_command_end ENABLE ALWAYS;
ALTER EVENT TRIGGER citus_drop ENABLE ALWAYS;
