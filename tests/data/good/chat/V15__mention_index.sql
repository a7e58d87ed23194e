-- "Where was I mentioned?": an expression index over the function of V14.
CREATE INDEX messages_mentions ON chat.messages USING gin (chat.mentions(body));
DROP INDEX IF EXISTS chat.messages_by_author;
