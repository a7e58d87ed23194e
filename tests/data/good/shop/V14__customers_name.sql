ALTER TABLE customers ADD COLUMN full_name text;
ALTER TABLE customers RENAME COLUMN full_name TO display_name;
