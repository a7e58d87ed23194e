-- A few players with money.
INSERT INTO users (tenant_id, id, email, display_name) VALUES
    (1, '00000000-0000-4000-8000-000000000101', 'player.one@example.test', 'Player One'),
    (1, '00000000-0000-4000-8000-000000000102', 'player.two@example.test', 'Player Two'),
    (2, '00000000-0000-4000-8000-000000000201', 'player.one@example.test', 'Player One')
ON CONFLICT (tenant_id, id) DO NOTHING;
INSERT INTO wallets (tenant_id, id, user_id, currency, balance_minor) VALUES
    (1, '00000000-0000-4000-8000-000000000111', '00000000-0000-4000-8000-000000000101', 'EUR', 10000),
    (1, '00000000-0000-4000-8000-000000000112', '00000000-0000-4000-8000-000000000102', 'USD', 2500),
    (2, '00000000-0000-4000-8000-000000000211', '00000000-0000-4000-8000-000000000201', 'JPY', 90000)
ON CONFLICT (tenant_id, id) DO NOTHING;
