-- Two brands for developers; safe to run again.
INSERT INTO tenants (id, slug, name, status) VALUES
    (1, 'acme', 'Acme Bets', 'active'),
    (2, 'globex', 'Globex Sport', 'trial')
ON CONFLICT (id) DO NOTHING;
