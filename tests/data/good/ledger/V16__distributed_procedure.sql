SELECT create_distributed_function('ledger.post(bigint, bigint, uuid)', 'of_tenant', colocate_with => 'ledger.books');
