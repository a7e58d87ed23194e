CREATE INDEX tasks_open ON globex.tasks (title) WHERE NOT done;
