-- Statements that nobody parsed for us, in DO blocks, EXECUTE and functions: their facts, read from their text. A small
-- reader, for what the catalogs do not show afterwards; what it cannot make out counts as nothing.

-- A comment (one may hold others), a name or a string in its quotes or dollars, a word, a number, or a sign
CREATE FUNCTION citus_internal.lexeme() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT '(/[*](?:[^*/]|/(?![*])|[*]+(?![*/])|/[*](?:[^*]|[*]+[^*/])*[*]+/)*[*]+/|--[^\n]*'
           '|[uU]&"(?:[^"]|"")+"|"(?:[^"]|"")+"|[eE]''(?:[^''\\]|\\.|'''')*''|''(?:[^'']|'''')*'''
           '|[$][[:alnum:]_]*[$](?:[^$]|[$][^$[:alnum:]_])*[$][[:alnum:]_]*[$]'
           '|[[:alpha:]_\u0080-\U0010ffff][[:alnum:]_$\u0080-\U0010ffff]*|[0-9.]+|[^[:space:]])'
$$;

-- The lexemes of a statement, without comments. Names are as regclass reads them: an unquoted word in lower case, a quoted
-- one with its quotes.
CREATE FUNCTION citus_internal.tokens(statement text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(CASE WHEN found[1] ~* '^u&"' THEN unistr(substr(found[1], 3))
                                   WHEN found[1] ~* '^(["''$]|e'')' THEN found[1] ELSE lower(found[1]) END ORDER BY place), '{}')
      FROM regexp_matches(statement, citus_internal.lexeme(), 'g') WITH ORDINALITY AS match(found, place)
     WHERE found[1] !~ '^(/[*]|--)'
$$;

-- The n-th statement of a text, cut at the semicolons that are lexemes of their own
CREATE FUNCTION citus_internal.statement_of(body text, number integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(lexeme, '' ORDER BY place)
      FROM (SELECT found[1] AS lexeme, place, count(*) FILTER (WHERE found[1] = ';') OVER (ORDER BY place) AS before
              FROM regexp_matches(body, '([[:space:]]+|' || substr(citus_internal.lexeme(), 2), 'g')
                   WITH ORDINALITY AS match(found, place)) AS all_of_it
     WHERE before = number - 1 AND lexeme <> ';'
$$;

-- The text of the statement that fired an event trigger, out of the trigger's own PG_CONTEXT: that of PL/pgSQL, or the
-- n-th statement of an SQL function. NULL when it came from a client.
CREATE FUNCTION citus_internal.nested_statement(context text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found text[];
BEGIN
    -- the first line is the trigger's own
    found := regexp_match(context, '^[^\n]*\nSQL statement "(.*?)"\n(?:PL/pgSQL function|SQL function|SQL statement)');
    IF found IS NOT NULL THEN
        RETURN found[1];
    END IF;
    found := regexp_match(context, '^[^\n]*\nSQL function "((?:[^"]|"")*)" statement (\d+)');
    IF found IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT citus_internal.statement_of(p.prosrc, found[2]::integer)
              FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'sql'
             WHERE p.proname = found[1] AND p.prosrc ~* '\m(trigger|alter|index|statistics|grant|revoke)\M' LIMIT 1);
END $$;

-- Of several statements in one EXECUTE, the one that runs now: the next of its kind after the one that ran before it,
-- whose number the transaction keeps; after the last, the text runs again.
CREATE FUNCTION citus_internal.running_statement(body text, tag text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    whole text := format('%s %s', md5(body), statement_timestamp());
    ran text[] := string_to_array(current_setting('citus_internal.several', true), '|');
    place integer;
    found text;
BEGIN
    IF body !~ ';' THEN
        RETURN body;
    END IF;
    SELECT number, part INTO place, found
      FROM generate_series(1, length(body) - length(replace(body, ';', '')) + 1) number,
           citus_internal.statement_of(body, number) part, citus_internal.tokens(part) t
     WHERE upper(t[1]) = tag OR upper(t[1] || ' ' || t[2]) = tag OR tag = 'CREATE INDEX' AND t[2] = 'unique'
     ORDER BY ran[1] = whole AND number <= ran[2]::integer, number LIMIT 1;
    PERFORM set_config('citus_internal.several', format('%s|%s', whole, coalesce(place, 0)), true);
    RETURN coalesce(found, body);
END $$;

CREATE FUNCTION citus_internal.is_nested(context text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT context ~ '\n(SQL statement "|SQL function "|PL/pgSQL function )' $$;

-- A possibly qualified name at `place`: the name, and the place after it
CREATE FUNCTION citus_internal.read_name(tokens text[], place integer, OUT name text, OUT next integer)
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    name := tokens[place];
    next := place + 1;
    WHILE tokens[next] = '.' LOOP
        name := name || '.' || tokens[next + 1];
        next := next + 2;
    END LOOP;
END $$;

-- A name without its quotes, as the catalogs have it
CREATE FUNCTION citus_internal.bare_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN name LIKE '"%"' AND length(name) > 1 THEN replace(substr(name, 2, length(name) - 2), '""', '"') ELSE name END
$$;

-- Skips words that may stand at `place`, in this order
CREATE FUNCTION citus_internal.skip_words(tokens text[], place integer, VARIADIC words text[]) RETURNS integer
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        IF tokens[place] = word THEN
            place := place + 1;
        END IF;
    END LOOP;
    RETURN place;
END $$;

-- The facts of a statement as before.py would give them; NULL for all that Citus does not look at.
CREATE FUNCTION citus_internal.read_statement(statement text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    t text[];
    at integer;
    name text;
    object text;
BEGIN
    t := citus_internal.tokens(statement);
    CASE t[1] || ' ' || t[2]
        WHEN 'alter table', 'alter view' THEN
            at := citus_internal.skip_words(t, 3, 'if', 'exists', 'only');
            SELECT r.name, r.next INTO name, at FROM citus_internal.read_name(t, at) r;
            at := citus_internal.skip_words(t, at, '*');
            IF t[at] = 'rename' THEN
                RETURN CASE WHEN t[at + 1] = 'constraint'
                            THEN jsonb_build_object('command', 'RENAME CONSTRAINT', 'relation', name) END;
            ELSIF t[at] || ' ' || t[at + 1] = 'set schema' THEN
                RETURN jsonb_build_object('command', 'SET SCHEMA', 'relation', name);
            END IF;
            RETURN jsonb_build_object('command', 'ALTER TABLE', 'relation', name,
                'subcommands', citus_internal.read_subcommands(t[at:]));
        WHEN 'alter index' THEN
            at := citus_internal.skip_words(t, 3, 'if', 'exists');
            SELECT r.name, r.next INTO name, at FROM citus_internal.read_name(t, at) r;
            RETURN CASE WHEN t[at] NOT IN ('rename', 'depends', 'no') THEN jsonb_build_object(
                'command', 'ALTER TABLE', 'relation', name, 'subcommands', citus_internal.read_subcommands(t[at:])) END;
        WHEN 'drop trigger' THEN
            at := citus_internal.skip_words(t, 3, 'if', 'exists') + 2;  -- past its name and ON
            RETURN jsonb_build_object('command', 'DROP TRIGGER', 'relation', (citus_internal.read_name(t, at)).name);
        WHEN 'alter trigger' THEN
            object := citus_internal.bare_name(t[3]);
            SELECT r.name, r.next INTO name, at FROM citus_internal.read_name(t, 5) r;
            RETURN CASE t[at] WHEN 'rename' THEN jsonb_build_object('command', 'RENAME TRIGGER', 'relation', name)
                              WHEN 'depends' THEN jsonb_build_object(
                                  'command', 'TRIGGER DEPENDS', 'relation', name, 'trigger', object) END;
        WHEN 'create index', 'create unique' THEN
            at := array_position(t, 'on');
            IF at IS NULL THEN
                RETURN NULL;
            END IF;
            at := citus_internal.skip_words(t, at + 1, 'only');
            SELECT r.name, r.next INTO name, at FROM citus_internal.read_name(t, at) r;
            RETURN jsonb_build_object('command', 'CREATE INDEX', 'relation', name, 'unique', t[2] = 'unique',
                'columns', citus_internal.read_columns(t[array_position(t, '(', at) + 1:]), 'tablespace', 'tablespace' = ANY (t));
        WHEN 'create statistics' THEN
            SELECT r.name INTO name FROM citus_internal.read_name(t, array_position(t, 'from') + 1) r;
            RETURN jsonb_build_object('command', 'CREATE STATISTICS', 'relation', name, 'named', t[3] NOT IN ('on', '('),
                'expression', '(' = ANY (t[array_position(t, 'on'):array_position(t, 'from')]));
        WHEN 'alter sequence' THEN
            at := citus_internal.skip_words(t, 3, 'if', 'exists');
            SELECT r.name, r.next INTO name, at FROM citus_internal.read_name(t, at) r;
            IF t[at] IN ('rename', 'owner') OR t[at + 1] IN ('schema', 'logged', 'unlogged') THEN
                RETURN NULL;
            END IF;
            at := array_position(t, 'owned');
            RETURN jsonb_build_object('command', 'ALTER SEQUENCE', 'relation', name, 'owned_by',
                CASE WHEN t[at + 1] = 'by' THEN regexp_replace((citus_internal.read_name(t, at + 2)).name, '\.[^.]*$', '') END);
        WHEN 'drop index' THEN
            at := citus_internal.skip_words(t, 3, 'concurrently', 'if', 'exists');
            RETURN jsonb_build_object('command', 'DROP INDEX', 'indexes', citus_internal.read_names(t, at));
        ELSE
            at := array_position(t, 'on');
            IF t[1] IN ('grant', 'revoke') AND '(' = ANY (t[:at]) THEN
                RETURN jsonb_build_object('command', 'GRANT COLUMNS', 'relations',
                    citus_internal.read_names(t, citus_internal.skip_words(t, at + 1, 'table')));
            END IF;
            RETURN NULL;
    END CASE;
END $$;

-- The columns of an index, up to the parenthesis that closes them; expressions count as none
CREATE FUNCTION citus_internal.read_columns(tokens text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    columns jsonb := '[]';
    depth integer := 0;
BEGIN
    FOR i IN 1 .. coalesce(cardinality(tokens), 0) LOOP
        EXIT WHEN depth = 0 AND tokens[i] = ')';
        IF depth = 0 AND (i = 1 OR tokens[i - 1] = ',') AND tokens[i] <> '(' AND tokens[i + 1] NOT IN ('(', '.') THEN
            columns := columns || to_jsonb(citus_internal.bare_name(tokens[i]));
        END IF;
        depth := depth + CASE tokens[i] WHEN '(' THEN 1 WHEN ')' THEN -1 ELSE 0 END;
    END LOOP;
    RETURN columns;
END $$;

-- Names with commas between them
CREATE FUNCTION citus_internal.read_names(tokens text[], place integer) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    names jsonb := '[]';
    name text;
BEGIN
    LOOP
        SELECT r.name, r.next INTO name, place FROM citus_internal.read_name(tokens, place) r;
        names := names || to_jsonb(name);
        EXIT WHEN tokens[place] IS DISTINCT FROM ',';
        place := place + 1;
    END LOOP;
    RETURN names;
END $$;

-- ALTER TABLE's subcommands: cut at the commas outside parentheses, each read by itself
CREATE FUNCTION citus_internal.read_subcommands(tokens text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    read jsonb := '[]';
    part text[] := '{}';
    depth integer := 0;
    token text;
BEGIN
    FOREACH token IN ARRAY array_append(tokens, ',') LOOP
        depth := depth + CASE token WHEN '(' THEN 1 WHEN ')' THEN -1 ELSE 0 END;
        IF depth = 0 AND token IN (',', ';') THEN
            IF cardinality(part) > 0 THEN
                read := read || citus_internal.read_subcommand(part);
            END IF;
            part := '{}';
        ELSE
            part := part || token;
        END IF;
    END LOOP;
    RETURN read;
END $$;

CREATE FUNCTION citus_internal.read_subcommand(t text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    first text := t[1] || ' ' || coalesce(t[2], '');
    whole text := array_to_string(t[:4], ' ');
    at integer;
    type text;
BEGIN
    IF t[1] = 'add' AND t[2] IN ('constraint', 'primary', 'unique', 'check', 'foreign', 'exclude') THEN
        RETURN jsonb_build_object('type', 'AddConstraint', 'constraints',
            citus_internal.read_constraints(t[2:]));
    ELSIF t[1] = 'add' THEN
        at := citus_internal.skip_words(t, 2, 'column', 'if', 'not', 'exists');
        RETURN jsonb_build_object('type', 'AddColumn', 'column', citus_internal.bare_name(t[at]),
            'serial', t[at + 1] IN ('smallserial', 'serial', 'bigserial', 'serial2', 'serial4', 'serial8'),
            'constraints', citus_internal.read_constraints(t[at + 2:]));
    ELSIF t[1] = 'drop' AND t[2] = 'constraint' THEN
        at := citus_internal.skip_words(t, 3, 'if', 'exists');
        RETURN jsonb_build_object('type', 'DropConstraint', 'column', citus_internal.bare_name(t[at]));
    ELSIF t[1] = 'drop' THEN
        at := citus_internal.skip_words(t, 2, 'column', 'if', 'exists');
        RETURN jsonb_build_object('type', 'DropColumn', 'column', citus_internal.bare_name(t[at]));
    ELSIF t[1] = 'alter' AND t[2] <> 'constraint' THEN
        at := citus_internal.skip_words(t, 2, 'column');
        first := array_to_string(t[at + 1:at + 2], ' ');
        type := CASE
            WHEN first IN ('set default', 'drop default') THEN 'ColumnDefault'
            WHEN first = 'drop not' THEN 'DropNotNull' WHEN first = 'set not' THEN 'SetNotNull'
            WHEN first = 'set data' OR t[at + 1] = 'type' THEN 'AlterColumnType'
            WHEN first = 'set compression' THEN 'SetCompression' WHEN first = 'set statistics' THEN 'SetStatistics'
            WHEN first = 'set expression' THEN 'SetExpression'
            ELSE 'other' END;
        RETURN jsonb_build_object('type', type, 'column', citus_internal.bare_name(t[at]), 'nextval', 'nextval' = ANY (t));
    ELSIF first IN ('attach partition', 'detach partition') THEN
        RETURN jsonb_build_object('type', CASE WHEN 'finalize' = ANY (t) THEN 'DetachPartitionFinalize'
                WHEN t[1] = 'attach' THEN 'AttachPartition' ELSE 'DetachPartition' END,
            'concurrently', t[cardinality(t)] = 'concurrently');
    END IF;
    type := CASE
        WHEN first = 'enable trigger' THEN 'EnableTrig' WHEN first = 'disable trigger' THEN 'DisableTrig'
        WHEN whole ~ '^enable always trigger' THEN 'EnableAlwaysTrig'
        WHEN whole ~ '^enable replica trigger' THEN 'EnableReplicaTrig'
        WHEN first = 'enable row' THEN 'EnableRowSecurity' WHEN first = 'disable row' THEN 'DisableRowSecurity'
        WHEN first = 'force row' THEN 'ForceRowSecurity' WHEN first = 'no force' THEN 'NoForceRowSecurity'
        WHEN first = 'validate constraint' THEN 'ValidateConstraint' WHEN first = 'owner to' THEN 'ChangeOwner'
        WHEN first = 'replica identity' THEN 'ReplicaIdentity' WHEN first = 'set logged' THEN 'SetLogged'
        WHEN first = 'set unlogged' THEN 'SetUnLogged' WHEN first = 'set (' THEN 'SetRelOptions'
        WHEN first = 'reset (' THEN 'ResetRelOptions' WHEN first = 'options (' THEN 'GenericOptions'
        WHEN first = 'set access' THEN 'SetAccessMethod' ELSE 'other' END;
    RETURN jsonb_build_object('type', type, 'column',
        CASE WHEN type = 'SetAccessMethod' AND t[4] <> 'default' THEN t[4] END);
END $$;

-- A foreign key after the table that it refers to: the columns, and what ON DELETE and ON UPDATE do, as before.py says it
CREATE FUNCTION citus_internal.read_rest_of_key(tokens text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    words text := (SELECT string_agg(token, ' ' ORDER BY place) FROM unnest(tokens) WITH ORDINALITY AS each(token, place)
                    WHERE token !~* '^(["''$]|e'')');
    rest text := '';
    event text;
BEGIN
    IF tokens[1] = '(' THEN
        rest := format('(%s)', (SELECT string_agg(citus_internal.bare_name(token), ', ' ORDER BY place)
                                  FROM unnest(tokens[2:array_position(tokens, ')') - 1]) WITH ORDINALITY AS each(token, place)
                                 WHERE token <> ','));
    END IF;
    FOREACH event IN ARRAY ARRAY['delete', 'update'] LOOP
        rest := rest || coalesce(' ' || upper(substring(words FROM
            format('\m(on %s (?:cascade|set null|set default|restrict))\M', event))), '');
    END LOOP;
    RETURN rest;
END $$;

-- The constraints of a column or a table, from the words that begin them outside parentheses
CREATE FUNCTION citus_internal.read_constraints(tokens text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    read jsonb := '[]';
    depth integer := 0;
    name text;
    type text;
BEGIN
    FOR i IN 1 .. cardinality(tokens) LOOP
        depth := depth + CASE tokens[i] WHEN '(' THEN 1 WHEN ')' THEN -1 ELSE 0 END;
        CONTINUE WHEN depth > 0;
        IF tokens[i] = 'constraint' THEN
            name := citus_internal.bare_name(tokens[i + 1]);
        END IF;
        type := CASE tokens[i]
            WHEN 'default' THEN CASE WHEN tokens[i - 1] <> 'set' OR i = 1 THEN 'DEFAULT' END
            WHEN 'primary' THEN 'PRIMARY' WHEN 'unique' THEN 'UNIQUE' WHEN 'check' THEN 'CHECK'
            WHEN 'exclude' THEN 'EXCLUSION' WHEN 'references' THEN 'FOREIGN' WHEN 'identity' THEN 'IDENTITY'
            WHEN 'stored' THEN 'GENERATED'
            WHEN 'null' THEN CASE WHEN i = 1 THEN 'NULL' WHEN tokens[i - 1] = 'not' THEN 'NOTNULL'
                                  WHEN tokens[i - 1] <> 'set' THEN 'NULL' END
            END;
        IF type IS NOT NULL THEN
            read := read || jsonb_strip_nulls(jsonb_build_object('type', type, 'name', name,
                'nextval', CASE WHEN type = 'DEFAULT' THEN tokens[i + 1] = 'nextval' OR tokens[i + 3] = 'nextval' END,
                'references', CASE WHEN type = 'FOREIGN' THEN (citus_internal.read_name(tokens, i + 1)).name END,
                'rest', CASE WHEN type = 'FOREIGN' THEN
                    citus_internal.read_rest_of_key(tokens[(citus_internal.read_name(tokens, i + 1)).next:]) END));
            name := NULL;
        END IF;
    END LOOP;
    RETURN read;
END $$;
