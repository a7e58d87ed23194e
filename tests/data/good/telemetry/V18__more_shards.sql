SELECT alter_distributed_table('maintenance', shard_count => 16, colocate_with => 'none', cascade_to_colocated => false);
