-- What Citus looks at before PostgreSQL runs a statement. The runner hands over the facts of the parsed statement
-- (before.py); nested statements are read from their text (nested.sql). Nothing happens when no Citus table is
-- concerned: each check asks for itself.
CREATE FUNCTION citus_internal.before_statement(facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    relation oid;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition) AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema) THEN
        RETURN;
    END IF;
    relation := to_regclass(facts ->> 'relation');
    IF facts ->> 'command' IN ('ALTER TABLE', 'SET SCHEMA') THEN
        -- for the event trigger at its end, which cannot see the statement
        PERFORM set_config('citus_internal.statement', (facts || jsonb_build_object('oid', relation))::text, false);
    END IF;
    IF NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    END IF;
    CASE facts ->> 'command'
        WHEN 'ALTER TABLE' THEN
            PERFORM citus_internal.before_alter_table(relation, facts -> 'subcommands');
            PERFORM citus_internal.check_parallel_alter(relation, facts -> 'subcommands');
        WHEN 'CREATE INDEX' THEN
            PERFORM citus_internal.before_create_index(relation, facts);
        WHEN 'DROP TRIGGER', 'RENAME TRIGGER' THEN
            PERFORM citus_internal.check_trigger_command(relation);
        WHEN 'TRIGGER DEPENDS' THEN
            PERFORM citus_internal.check_trigger_extension(relation, facts ->> 'trigger');
        WHEN 'RENAME CONSTRAINT' THEN
            PERFORM citus_internal.before_rename_constraint(relation);
        WHEN 'DROP INDEX' THEN
            PERFORM citus_internal.before_drop_index(ARRAY(SELECT jsonb_array_elements_text(facts -> 'indexes')));
        WHEN 'ALTER SEQUENCE' THEN
            PERFORM citus_internal.before_alter_sequence(relation, facts ->> 'owned_by');
        WHEN 'REINDEX' THEN
            PERFORM citus_internal.before_reindex(relation);
        WHEN 'CLUSTER' THEN
            PERFORM citus_internal.before_cluster(relation, (facts ->> 'verbose')::boolean);
        WHEN 'CREATE STATISTICS' THEN
            PERFORM citus_internal.before_create_statistics(relation, facts);
        WHEN 'GRANT COLUMNS' THEN
            PERFORM citus_internal.before_column_grant(ARRAY(SELECT jsonb_array_elements_text(facts -> 'relations')));
        WHEN 'TRUNCATE' THEN
            PERFORM citus_internal.before_truncate(ARRAY(SELECT jsonb_array_elements_text(facts -> 'relations')));
        WHEN 'READ' THEN
            PERFORM citus_internal.before_read(facts);
        WHEN 'WRITE' THEN
            PERFORM citus_internal.before_write(relation, facts);
        WHEN 'SET SCHEMA' THEN
            NULL;  -- looked at afterwards
    END CASE;
END $$;
