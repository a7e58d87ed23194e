ALTER TABLE acme.tasks ADD COLUMN due date;
