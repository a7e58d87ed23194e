-- What the first devices measure. May run again: a label that was changed by hand is set back.
INSERT INTO units (id, symbol, label) VALUES
    (1, '°C', 'degree Celsius'),
    (2, 'hPa', 'hectopascal'),
    (3, '%', 'per cent; of relative humidity')
ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol, label = excluded.label;
INSERT INTO metrics (name, unit_id, lowest, highest) VALUES
    ('temperature', 1, -90, 150), ('pressure', 2, 300, 1100), ('humidity', 3, 0, 100)
ON CONFLICT (name) DO NOTHING;
