-- The handles a message mentions: used by the search index of V15, so it must be immutable.
CREATE OR REPLACE FUNCTION chat.mentions(body text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $fn$
    SELECT coalesce(array_agg(DISTINCT lower(m[1])), '{}'::text[])
      FROM regexp_matches(body, '@([A-Za-z0-9_]{2,32})', 'g') AS m
$fn$;
