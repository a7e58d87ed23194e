CREATE TABLE emoji (name text PRIMARY KEY, sign text NOT NULL UNIQUE);
SELECT create_reference_table('emoji');
INSERT INTO emoji VALUES ('smile', '🙂'), ('heart', '❤'), ('semicolon', ';');
