WITH wanted (name, sign) AS (VALUES ('wave', '👋'), ('heart', '❤'))
INSERT INTO emoji (name, sign) SELECT name, sign FROM wanted
ON CONFLICT (name) DO UPDATE SET sign = excluded.sign;
