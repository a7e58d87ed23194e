-- What the application asks for most: a player's open bets, a bet's history, a wallet's statement.
CREATE INDEX bets_by_user ON bets (tenant_id, user_id, placed_at DESC);
CREATE INDEX bets_open ON bets (tenant_id, odds_id) WHERE status = 'placed';
CREATE INDEX bet_events_by_bet ON bet_events (tenant_id, bet_id, occurred_at);
CREATE INDEX wallet_events_by_wallet ON wallet_events (tenant_id, wallet_id, occurred_at);
CREATE UNIQUE INDEX fixtures_once ON fixtures (tenant_id, sport_id, home, away, starts_at);
