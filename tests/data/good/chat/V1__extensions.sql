-- citext for handles, which are the same whatever the case; the rest of chat lives in a schema of its own.
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA IF NOT EXISTS chat;
