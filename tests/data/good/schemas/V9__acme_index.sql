CREATE INDEX tasks_open ON acme.tasks (title) WHERE NOT done;
