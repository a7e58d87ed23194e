ALTER TABLE members ALTER COLUMN nick TYPE varchar(200);
ALTER TABLE members ALTER COLUMN nick SET DEFAULT 'anonymous';
