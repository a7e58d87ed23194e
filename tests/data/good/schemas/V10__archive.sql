-- The archive of the product before this one: an ordinary schema, for now.
CREATE SCHEMA archive;
CREATE TABLE archive.documents (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text NOT NULL DEFAULT '',
    archived_on date NOT NULL DEFAULT current_date
);
CREATE TABLE archive.document_tags (
    document_id bigint NOT NULL REFERENCES archive.documents (id),
    tag text NOT NULL COLLATE "C",
    PRIMARY KEY (document_id, tag)
);
