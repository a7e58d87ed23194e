SELECT alter_distributed_table('maintenance', colocate_with => 'accounts');
