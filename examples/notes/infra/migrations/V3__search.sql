-- Notes are found by their words.
ALTER TABLE notes ADD COLUMN words tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || body)) STORED;
CREATE INDEX notes_words ON notes USING gin (words);
