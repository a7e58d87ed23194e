-- What Citus looks at before PostgreSQL runs a statement. The runner hands over the facts of the parsed statement
-- (before.py); nested statements are read from their text in events.sql. Each check answers for itself whether the
-- table concerns Citus.
CREATE FUNCTION citus_internal.before_statement(facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    relation regclass := to_regclass(facts ->> 'relation');
BEGIN
    IF relation IS NULL OR NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        RETURN;
    END IF;
    CASE facts ->> 'command'
        WHEN 'unique index' THEN
            PERFORM citus_internal.check_unique_index(relation, ARRAY(SELECT jsonb_array_elements_text(facts -> 'columns')));
        WHEN 'trigger' THEN
            PERFORM citus_internal.check_trigger_command(relation);
        WHEN 'trigger extension' THEN
            PERFORM citus_internal.check_trigger_extension(relation, facts ->> 'trigger');
    END CASE;
END $$;
