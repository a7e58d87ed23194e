-- Bets settled before settled_at was written have none: the day they were placed is the best that is known.
UPDATE bets SET settled_at = placed_at WHERE status IN ('won', 'lost', 'void') AND settled_at IS NULL;
