CREATE SCHEMA intranet;
CREATE TABLE intranet.pages (id bigint PRIMARY KEY, body text NOT NULL);
