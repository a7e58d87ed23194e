-- Tasks without a title get one, then the check of V13 holds for all of them.
UPDATE tenant_a.tasks SET title = '(untitled)' WHERE length(btrim(title)) = 0;
ALTER TABLE tenant_a.tasks VALIDATE CONSTRAINT tasks_titled;
