-- ALTER TABLE and ALTER INDEX on Citus tables. What ran cannot be read from the catalogs, so these rules work on the
-- facts of the statement (before.py, nested.sql): one object a subcommand, `type` as PostgreSQL's AlterTableType says.

-- PreprocessAlterTableStmt (commands/table.c:1129)
CREATE FUNCTION citus_internal.before_alter_table(relation oid, commands jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    kind "char" := citus_internal.relkind(relation);
    indexed oid := (SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = relation);
BEGIN
    IF kind IN ('i', 'I') AND citus_internal.kind(indexed) IS NOT NULL THEN
        PERFORM citus_internal.check_alter_index(c ->> 'type') FROM jsonb_array_elements(commands) c;
    ELSIF kind = 'v' AND commands @> '[{"type": "ColumnDefault"}]'
          AND (citus_internal.undistributable('pg_catalog.pg_class'::regclass, relation)).objid IS NULL THEN
        PERFORM citus_internal.refuse('XX000',  -- deparser/deparse_view_stmts.c:161
            'Citus doesn''t support setting or resetting default values for a column of view');
    ELSIF kind IN ('r', 'p', 'f') AND citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.check_subcommand(relation, c, jsonb_array_length(commands)) FROM jsonb_array_elements(commands) c;
    END IF;
END $$;

-- ErrorIfUnsupportedAlterIndexStmt (commands/index.c:897)
CREATE FUNCTION citus_internal.check_alter_index(type text) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF type NOT IN ('SetRelOptions', 'ResetRelOptions', 'ReplaceRelOptions', 'SetStatistics', 'AttachPartition') THEN
        PERFORM citus_internal.refuse('0A000',
            'alter index ... set tablespace ... is currently unsupported',
            detail => 'Only RENAME TO, SET (), RESET (), ATTACH PARTITION and SET STATISTICS are supported.');
    END IF;
END $$;

-- ErrorIfUnsupportedAlterTableStmt (commands/table.c:3281)
CREATE FUNCTION citus_internal.check_subcommand(relation oid, command jsonb, commands integer) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    type text := command ->> 'type';
    number smallint := (SELECT a.attnum FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = relation AND a.attname = command ->> 'column' AND NOT a.attisdropped);
    state text := '0A000';
    message text;
    detail text;
    hint text;
BEGIN
    CASE type
        WHEN 'AddColumn' THEN
            PERFORM citus_internal.check_add_column(relation, command, commands);
        WHEN 'ColumnDefault', 'AlterColumnType', 'DropColumn', 'DropNotNull' THEN
            state := 'XX000';
            IF number = citus_internal.distribution_attnum(relation) THEN  -- AlterInvolvesPartitionColumn, :3465, 3498, 3538
                message := 'cannot execute ALTER TABLE command involving partition column';
            ELSIF type = 'ColumnDefault' AND (command ->> 'nextval')::boolean AND commands > 1 THEN  -- :3481
                state := '0A000';
                message := 'cannot execute ALTER COLUMN COLUMN .. SET DEFAULT nextval(''..'') command with other subcommands';
                hint := 'You can issue each subcommand separately';
            ELSIF type = 'AlterColumnType' AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation
                          AND a.attnum = number AND a.attidentity <> '') THEN  -- :3510
                message := 'cannot execute ALTER COLUMN command involving identity column';
            ELSIF type = 'AlterColumnType' AND citus_internal.uses_sequence(relation, number) THEN  -- :3526
                message := 'cannot execute ALTER COLUMN TYPE .. command because the column involves a default coming '
                           'from a sequence';
            END IF;
        WHEN 'AddConstraint' THEN
            IF commands > 1 THEN  -- :3549
                message := 'cannot execute ADD CONSTRAINT command with other subcommands';
                hint := 'You can issue each subcommand separately';
            ELSE
                PERFORM citus_internal.check_key_actions(relation, c) FROM jsonb_array_elements(command -> 'constraints') c;
            END IF;
        WHEN 'AttachPartition', 'DetachPartition' THEN
            IF commands > 1 THEN  -- :3569, 3608
                message := format('cannot execute %s PARTITION command with other subcommands', upper(substr(type, 1, 6)));
                hint := 'You can issue each subcommand separately.';
            ELSIF (command ->> 'concurrently')::boolean THEN  -- :3617
                state := 'XX000';
                message := 'ALTER TABLE .. DETACH PARTITION .. CONCURRENTLY commands are currently unsupported.';
            END IF;
        WHEN 'DetachPartitionFinalize' THEN  -- :3599
            state := 'XX000';
            message := 'ALTER TABLE .. DETACH PARTITION .. FINALIZE commands are currently unsupported.';
        WHEN 'EnableTrig', 'EnableAlwaysTrig', 'EnableReplicaTrig', 'EnableTrigUser', 'DisableTrig', 'DisableTrigUser',
             'EnableTrigAll', 'DisableTrigAll' THEN
            IF commands > 1 THEN  -- :3640
                state := 'XX000';
                message := 'cannot execute ENABLE/DISABLE TRIGGER command with other subcommands';
                hint := 'You can issue each subcommand separately';
            ELSE
                PERFORM citus_internal.check_trigger_command(relation);
            END IF;
        WHEN 'SetExpression' THEN  -- :3659
            message := 'ALTER TABLE ... ALTER COLUMN ... SET EXPRESSION commands are currently unsupported.';
        WHEN 'SetAccessMethod' THEN
            IF command ->> 'column' IS NULL THEN  -- :3676
                message := 'DEFAULT option in ALTER TABLE ... SET ACCESS METHOD is currently unsupported.';
                hint := 'You can rerun the command by explicitly writing the access method name.';
            END IF;
        WHEN 'SetNotNull', 'ReplicaIdentity', 'ChangeOwner', 'EnableRowSecurity', 'DisableRowSecurity', 'ForceRowSecurity',
             'NoForceRowSecurity', 'ValidateConstraint', 'DropConstraint', 'SetCompression', 'SetRelOptions',
             'ResetRelOptions', 'ReplaceRelOptions', 'SetLogged', 'SetUnLogged' THEN
            NULL;
        ELSE
            IF type IS DISTINCT FROM 'GenericOptions'
               OR citus_internal.relkind(relation) <> 'f' THEN  -- :3732
                message := 'alter table command is currently unsupported';
                detail := 'Only ADD|DROP COLUMN, SET|DROP NOT NULL, SET|DROP DEFAULT, ADD|DROP|VALIDATE CONSTRAINT, SET (), '
                          'RESET (), ENABLE|DISABLE|NO FORCE|FORCE ROW LEVEL SECURITY, ATTACH|DETACH PARTITION and TYPE '
                          'subcommands are supported.';
            END IF;
    END CASE;
    IF message IS NOT NULL THEN
        PERFORM citus_internal.refuse(state, message, detail, hint);
    END IF;
END $$;

-- EnsureSupportedFKeyBetweenCitusLocalAndRefTable (commands/foreign_constraint.c:532), asked before PostgreSQL looks at the
-- rows of a new key (PreprocessAlterTableStmt, commands/table.c:1246)
CREATE FUNCTION citus_internal.check_key_actions(relation oid, key jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    referenced oid := to_regclass(key ->> 'references');
BEGIN
    IF key ->> 'rest' ~ 'ON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)'
       AND citus_internal.kind(relation) = 'reference' AND citus_internal.kind(referenced) = 'local' THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot define foreign key constraint, foreign keys from '
                'reference tables to local tables can only be defined with NO ACTION or RESTRICT behaviors',
            hint => citus_internal.create_reference_table_hint(citus_internal.name_of(referenced)));
    END IF;
END $$;

-- A sequence in the column's default, or owned by the column (GetDependentSequencesWithRelation with its attnum)
CREATE FUNCTION citus_internal.uses_sequence(relation oid, attnum smallint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM citus_internal.default_sequences(relation) s WHERE s.attnum = uses_sequence.attnum)
        OR EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                      AND d.refobjid = relation AND d.refobjsubid = uses_sequence.attnum AND d.deptype = 'a')
$$;

-- ErrorIfUnsupportedAlterTableStmt, case AT_AddColumn (commands/table.c:3300-3450). Tables whose metadata is on every
-- node (ShouldSyncTableMetadata: all but append and range) get no sequence this way.
CREATE FUNCTION citus_internal.check_add_column(relation oid, command jsonb, commands integer) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    synced boolean := citus_internal.kind(relation) NOT IN ('append', 'range')
                      AND citus_internal.is_on('enable_metadata_sync', true);
    constraints jsonb := coalesce(command -> 'constraints', '[]');
    message text;
    hint text;
BEGIN
    IF (command ->> 'serial')::boolean THEN
        IF synced THEN  -- :3336
            message := 'cannot execute ADD COLUMN commands involving serial pseudotypes when metadata is synchronized to workers';
        ELSIF commands > 1 OR jsonb_array_length(constraints) > 0 THEN
            message := 'cannot execute ADD COLUMN commands involving serial pseudotypes with other subcommands/constraints';
            hint := 'You can issue each subcommand separately';
        ELSIF NOT citus_internal.table_empty(relation) THEN
            message := 'Cannot add a column involving serial pseudotypes because the table is not empty';
            hint := citus_internal.backfill_hint();
        END IF;
    ELSIF constraints @> '[{"type": "IDENTITY"}]' THEN
        IF synced THEN  -- :3386
            message := 'cannot execute ADD COLUMN commands involving identity columns when metadata is synchronized to workers';
        ELSIF NOT citus_internal.table_empty(relation) THEN
            message := 'Cannot add an identity column because the table is not empty';
        END IF;
    ELSIF constraints @> '[{"type": "DEFAULT", "nextval": true}]' THEN
        IF commands > 1 OR jsonb_array_length(constraints) > 1 THEN  -- :3428
            message := 'cannot execute ADD COLUMN .. DEFAULT nextval(''..'') command with other subcommands/constraints';
            hint := 'You can issue each subcommand separately';
        ELSIF NOT citus_internal.table_empty(relation) THEN  -- :3443
            message := 'cannot add a column involving DEFAULT nextval(''..'') because the table is not empty';
            hint := citus_internal.backfill_hint();
        END IF;
    END IF;
    IF message IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000', message, NULL, hint);
    END IF;
END $$;

CREATE FUNCTION citus_internal.backfill_hint() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT E'You can first call ALTER TABLE .. ADD COLUMN .. smallint/int/bigint\n'
           'Then set the default by ALTER TABLE .. ALTER COLUMN .. SET DEFAULT nextval(''..'')'
$$;

-- PostprocessAlterTableStmt (commands/table.c:2580), for a Citus table: its keys anew after ADD CONSTRAINT, and after
-- ADD COLUMN with any constraint, DEFAULT and NOT NULL included.
CREATE FUNCTION citus_internal.after_alter_table(relation oid, commands jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    command jsonb;
    added jsonb;
BEGIN
    PERFORM citus_internal.check_sequence_types(relation);
    FOR command IN SELECT jsonb_array_elements(commands) LOOP
        IF command ->> 'type' = 'AddConstraint' THEN
            PERFORM citus_internal.check_keys(relation);
        ELSIF command ->> 'type' = 'AddColumn' AND jsonb_array_length(command -> 'constraints') > 0 THEN
            PERFORM citus_internal.check_keys(relation);
            FOR added IN SELECT jsonb_array_elements(command -> 'constraints') LOOP
                PERFORM citus_internal.check_unnamed(relation, command, added, commands);
            END LOOP;
        END IF;
    END LOOP;
END $$;

-- ErrorIfUnsupportedConstraint (commands/table.c:3141): foreign keys, then uniqueness
CREATE FUNCTION citus_internal.check_keys(relation oid) RETURNS void
LANGUAGE sql AS $$
    SELECT citus_internal.check_foreign_keys(relation);
    SELECT citus_internal.check_constraints(relation);
$$;

-- ErrorUnsupportedAlterTableAddColumn (commands/table.c:3019). Citus can name a constraint itself only when it can
-- write the statement anew: a lone ADD COLUMN without a CHECK (DeparserSupportsAlterTableAddColumn).
CREATE FUNCTION citus_internal.check_unnamed(relation oid, command jsonb, added jsonb, commands jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    clause text;
BEGIN
    IF added ->> 'name' IS NOT NULL OR added ->> 'type' NOT IN ('PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN')
       OR jsonb_array_length(commands) = 1 AND NOT command -> 'constraints' @> '[{"type": "CHECK"}]' THEN
        RETURN;
    END IF;
    clause := CASE added ->> 'type'
        WHEN 'UNIQUE' THEN format('UNIQUE (%s)', command ->> 'column')
        WHEN 'PRIMARY' THEN format('PRIMARY KEY (%s)', command ->> 'column')
        WHEN 'CHECK' THEN 'CHECK (check_expression)'
        ELSE format('FOREIGN KEY (%s) REFERENCES %s%s', command ->> 'column',
            citus_internal.name_of(to_regclass(added ->> 'references')), added ->> 'rest') END;
    PERFORM citus_internal.refuse('0A000',
        'cannot execute ADD COLUMN command with PRIMARY KEY, UNIQUE, FOREIGN and CHECK constraints',
        detail => 'Adding a column with a constraint in one command is not supported because all constraints in Citus must '
            'have explicit names',
        hint => format('You can issue each command separately such as ALTER TABLE %s ADD COLUMN %s data_type; ALTER TABLE %s '
            'ADD CONSTRAINT constraint_name %s;', name, command ->> 'column', name, clause));
END $$;

-- The net below: whatever statement came by unread, the distribution column is still there, and of its type
-- (ErrorIfAlterDropsPartitionColumn, table.c:2564, and :3465).
CREATE FUNCTION citus_internal.check_distribution_column(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    state text;
BEGIN
    SELECT CASE WHEN a.attisdropped THEN 'dropped'
                WHEN a.atttypid <> substring(p.partkey FROM ':vartype (\d+)')::oid THEN 'changed' END INTO state
      FROM pg_catalog.pg_dist_partition p
      JOIN pg_catalog.pg_attribute a ON a.attrelid = p.logicalrelid
                                    AND a.attnum = substring(p.partkey FROM ':varattno (\d+)')::smallint
     WHERE p.logicalrelid = relation::regclass;
    IF state = 'dropped' AND NOT citus_internal.is_on('enable_ddl_propagation', true) THEN
        PERFORM citus_internal.refuse('XX000', 'cannot execute ALTER TABLE command dropping partition column');
    ELSIF state IS NOT NULL AND citus_internal.is_on('enable_ddl_propagation', true) THEN
        PERFORM citus_internal.refuse('XX000', 'cannot execute ALTER TABLE command involving partition column');
    END IF;
END $$;
