-- 32 shards have become too few for the workers there will be.
-- All tables of the group move together, or they would no longer join.
SELECT alter_distributed_table('chat.workspaces', shard_count => 64, cascade_to_colocated => true);
