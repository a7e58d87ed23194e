ALTER TABLE daily SET (fillfactor = 80);
