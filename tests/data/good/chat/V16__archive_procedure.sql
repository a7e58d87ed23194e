-- Housekeeping that operators call for one workspace: archive channels in which nothing was said for long.
CREATE PROCEDURE chat.archive_idle(p_tenant_id bigint, p_idle interval DEFAULT '1 year')
LANGUAGE plpgsql AS $body$
DECLARE
    archived_now bigint;
BEGIN
    UPDATE chat.channels c
       SET archived = true
     WHERE c.tenant_id = p_tenant_id AND NOT c.archived AND c.kind <> 'direct'
       AND NOT EXISTS (SELECT FROM chat.messages m
                        WHERE m.tenant_id = c.tenant_id AND m.channel_id = c.channel_id AND m.sent_at > now() - p_idle);
    GET DIAGNOSTICS archived_now = ROW_COUNT;
    RAISE NOTICE 'archived % channels; workspace %', archived_now, p_tenant_id;
END;
$body$;
SELECT create_distributed_function('chat.archive_idle(bigint, interval)', 'p_tenant_id', 'chat.workspaces');
