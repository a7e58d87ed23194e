-- One match a brand, priced, with one bet on it.
INSERT INTO fixtures (tenant_id, id, sport_id, home, away, starts_at) VALUES
    (1, '00000000-0000-4000-8000-000000000121', 1, 'North', 'South', '2026-02-01 18:00:00+00'),
    (2, '00000000-0000-4000-8000-000000000221', 2, 'East', 'West', '2026-02-02 12:00:00+00')
ON CONFLICT (tenant_id, id) DO NOTHING;
INSERT INTO odds (tenant_id, id, fixture_id, market_id, outcome, price) VALUES
    (1, '00000000-0000-4000-8000-000000000131', '00000000-0000-4000-8000-000000000121', 10, 'home', 1.900),
    (2, '00000000-0000-4000-8000-000000000231', '00000000-0000-4000-8000-000000000221', 20, 'away', 2.400)
ON CONFLICT (tenant_id, id) DO NOTHING;
INSERT INTO bets (tenant_id, id, user_id, wallet_id, odds_id, currency, stake_minor, price, placed_at) VALUES
    (1, '00000000-0000-4000-8000-000000000141', '00000000-0000-4000-8000-000000000101',
     '00000000-0000-4000-8000-000000000111', '00000000-0000-4000-8000-000000000131', 'EUR', 500, 1.900,
     '2026-01-31 20:15:00+00')
ON CONFLICT (tenant_id, id) DO NOTHING;
INSERT INTO bet_events (tenant_id, id, bet_id, kind, occurred_at) VALUES
    (1, '00000000-0000-4000-8000-000000000151', '00000000-0000-4000-8000-000000000141', 'placed',
     '2026-01-31 20:15:00+00')
ON CONFLICT (tenant_id, id) DO NOTHING;
