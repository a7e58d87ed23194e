CREATE TABLE intranet.links (page_id bigint REFERENCES intranet.pages (id), target text NOT NULL);
