CREATE FUNCTION unread(of_tenant bigint, since timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $fn$
DECLARE
    found bigint;
BEGIN
    SELECT count(*) INTO found FROM messages WHERE tenant_id = of_tenant AND sent_at > since;
    RETURN found; -- 'not' a "problem"; $$ neither
END
$fn$;
