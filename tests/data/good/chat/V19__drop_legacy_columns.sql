-- Nothing has read these since the last two releases; "IF EXISTS" because staging has lost one already.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE chat.members DROP COLUMN IF EXISTS last_seen;
ALTER TABLE chat.members DROP COLUMN IF EXISTS avatar_url;
ALTER TABLE chat.workspaces ALTER COLUMN plan SET DEFAULT 'team';
ALTER TABLE chat.workspaces DROP CONSTRAINT workspaces_plan_known;
ALTER TABLE chat.workspaces ADD CONSTRAINT workspaces_plan_known
    CHECK (plan IN ('free', 'team', 'business', 'enterprise'));
