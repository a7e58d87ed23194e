CREATE FUNCTION normalise(body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(trim(body));
