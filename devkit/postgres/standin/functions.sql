-- create_distributed_function (commands/function.c:127): only its checks; a function runs where it is anyway.
CREATE FUNCTION pg_catalog.create_distributed_function(
    function_name regprocedure, distribution_arg_name text DEFAULT NULL, colocate_with text DEFAULT 'default',
    force_delegation boolean DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := (SELECT p.proname FROM pg_catalog.pg_proc p WHERE p.oid = function_name);
    by_default boolean := lower(colocate_with) = 'default';
    source regclass;
    type oid;
BEGIN
    IF function_name IS NULL THEN
        PERFORM citus_internal.refuse('XX000',
            'the first parameter for create_distributed_function() should be '
                'a single a valid function or procedure name followed by a list of parameters in parantheses',
            hint => 'skip the parameters with OUT argtype as they are not part of the signature in PostgreSQL');
    ELSIF colocate_with IS NULL THEN
        PERFORM citus_internal.refuse('XX000',
            'colocate_with parameter should not be NULL',
            hint => 'To use the default value, set colocate_with option to "default"');
    ELSIF NOT by_default THEN
        source := colocate_with::regclass;
    END IF;
    IF NOT (SELECT pg_has_role(current_user, p.proowner, 'USAGE') FROM pg_catalog.pg_proc p WHERE p.oid = function_name) THEN
        PERFORM citus_internal.refuse('42501', format('must be owner of function %s', name));
    END IF;
    IF distribution_arg_name IS NOT NULL THEN
        type := citus_internal.distribution_argument(function_name, name, distribution_arg_name);
        IF by_default THEN
            source := citus_internal.function_group(name, type);
        END IF;
        PERFORM citus_internal.check_function_table(name, type, source);
    ELSIF NOT by_default AND coalesce(citus_internal.kind(source) NOT IN ('reference', 'single_shard'), true) THEN  -- :438
        PERFORM citus_internal.refuse('22023',
            format('cannot distribute the function "%s" since the distribution argument is not valid ', name),
            hint => 'To provide "colocate_with" option with a distributed table, the distribution argument parameter should '
                'also be provided');
    END IF;
END $$;

-- GetDistributionArgIndex (commands/function.c:545, 594): the type of the argument
CREATE FUNCTION citus_internal.distribution_argument(function regprocedure, name text, argument text) RETURNS oid
LANGUAGE plpgsql STABLE AS $$
DECLARE
    types oid[] := (SELECT coalesce(p.proallargtypes, p.proargtypes::oid[]) FROM pg_catalog.pg_proc p WHERE p.oid = function);
    names text[] := (SELECT p.proargnames FROM pg_catalog.pg_proc p WHERE p.oid = function);
    number integer;
BEGIN
    IF argument LIKE '$%' THEN
        number := substr(argument, 2)::integer;
        IF number NOT BETWEEN 1 AND cardinality(types) THEN
            number := NULL;
        END IF;
    ELSE
        SELECT n.place INTO number FROM unnest(names) WITH ORDINALITY AS n(name, place)
         WHERE lower(n.name) = lower(argument) ORDER BY n.place LIMIT 1;
    END IF;
    IF number IS NULL THEN
        PERFORM citus_internal.refuse('22023',
            format('cannot distribute the function "%s" since the distribution argument is not valid', name)
                || CASE WHEN argument LIKE '$%' THEN '' ELSE ' ' END,
            hint => 'Either provide a valid function argument name or a valid "$paramIndex" to create_distributed_function()');
    END IF;
    RETURN (types::oid[])[number - 1 + array_lower(types, 1)];
END $$;

-- GetFunctionColocationId (commands/function.c:633): a table of the default group
CREATE FUNCTION citus_internal.function_group(name text, type oid) RETURNS regclass
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found integer;
BEGIN
    SELECT min(c.colocationid) INTO found FROM pg_catalog.pg_dist_colocation c
     WHERE c.distributioncolumntype = type AND c.shardcount = citus_internal.setting('shard_count', '32')::integer
       AND c.replicationfactor = citus_internal.replication_factor()
       AND c.distributioncolumncollation = (SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = type);
    IF found IS NULL THEN
        PERFORM citus_internal.refuse('22023',
            format('cannot distribute the function "%s" since there is no table to colocate with', name),
            hint => 'Provide a distributed table via "colocate_with" option to create_distributed_function()');
    END IF;
    RETURN (SELECT p.logicalrelid FROM pg_catalog.pg_dist_partition p WHERE p.colocationid = found ORDER BY 1 LIMIT 1);
END $$;

-- EnsureFunctionCanBeColocatedWithTable (commands/function.c:682-749)
CREATE FUNCTION citus_internal.check_function_table(name text, type oid, source regclass) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    kind text := citus_internal.kind(source);
    source_name text := citus_internal.name_of(source);
    present pg_catalog.pg_dist_partition;
    key_type oid;
    reason text;
BEGIN
    IF source IS NULL THEN
        RETURN;
    END IF;
    present := citus_internal.citus_table(source::text);
    key_type := substring(present.partkey FROM ':vartype (\d+)')::oid;
    reason := CASE
        WHEN kind = 'single_shard' THEN
            'because distribution arguments are not supported when colocating with single shard distributed tables.'
        WHEN kind NOT IN ('hash', 'reference') THEN
            'because colocate_with option is only supported for hash distributed tables and reference tables.'
        WHEN kind = 'reference' THEN
            'because distribution arguments are not supported when colocating with reference tables.' END;
    IF reason IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000',
            format('cannot colocate function "%s" and table "%s" %s', name, source_name, reason));
    ELSIF present.repmodel <> 's' THEN  -- :720
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate function "%s" and table "%s"', name, source_name),
            detail => 'Citus currently only supports colocating function with distributed tables that are created using '
                'streaming replication model.',
            hint => 'When distributing tables make sure that citus.shard_replication_factor = 1');
    ELSIF key_type <> type AND NOT EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = type AND c.casttarget = key_type)
          AND 'S' NOT IN (SELECT t.typcategory FROM pg_catalog.pg_type t WHERE t.oid IN (type, key_type)) THEN  -- :749
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate function "%s" and table "%s" because '
                'distribution column types don''t match and there is no coercion path', source_name, name));
    END IF;
END $$;
