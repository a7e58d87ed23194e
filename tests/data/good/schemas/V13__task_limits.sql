-- A title must say something. Old tasks are looked at in V14, when nobody works.
ALTER TABLE tenant_a.tasks ADD CONSTRAINT tasks_titled CHECK (length(btrim(title)) > 0) NOT VALID;
ALTER TABLE tenant_a.tasks ADD COLUMN priority integer NOT NULL DEFAULT 3;
ALTER TABLE tenant_a.tasks ADD CONSTRAINT tasks_priority CHECK (priority BETWEEN 1 AND 5);
