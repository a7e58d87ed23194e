ALTER TABLE intranet.pages RENAME COLUMN body TO html;
ALTER TABLE intranet.pages RENAME TO documents;
