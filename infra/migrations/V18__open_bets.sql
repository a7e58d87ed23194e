-- What support looks at.
CREATE VIEW open_bets AS
SELECT b.tenant_id, b.id, u.display_name, b.stake_minor, b.currency, b.price, b.placed_at
  FROM bets b JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
 WHERE b.status = 'placed';
