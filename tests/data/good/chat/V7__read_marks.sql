-- How far each member has read, a row per channel: updated all the time, so room is left in each page.
CREATE TABLE IF NOT EXISTS chat.read_marks (
    tenant_id bigint NOT NULL,
    member_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    read_until timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (tenant_id, member_id, channel_id)
);
SELECT create_distributed_table('chat.read_marks', 'tenant_id', colocate_with => 'chat.workspaces');
ALTER TABLE chat.read_marks SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
