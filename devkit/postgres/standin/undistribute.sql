-- undistribute_table (commands/alter_table.c): back to a plain table, in place.
CREATE FUNCTION pg_catalog.undistribute_table(table_name regclass, cascade_via_foreign_keys boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part regclass;
BEGIN
    IF citus_internal.kind(table_name) IS NULL THEN  -- alter_table.c:500
        RAISE EXCEPTION USING ERRCODE = '42P16',
            MESSAGE = 'cannot undistribute table because the table is not distributed';
    END IF;
    PERFORM citus_internal.ensure_owner(table_name);
    IF (SELECT c.relispartition FROM pg_catalog.pg_class c WHERE c.oid = table_name) THEN  -- alter_table.c:1305
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = format('cannot complete operation because table is a partition'),
            HINT = format('the parent table is "%s"', (SELECT citus_internal.name_of(i.inhparent)
                            FROM pg_catalog.pg_inherits i WHERE i.inhrelid = table_name));
    END IF;
    FOR part IN SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = table_name LOOP
        PERFORM citus_internal.forget_table(part);
    END LOOP;
    PERFORM citus_internal.forget_table(table_name);
END $$;
