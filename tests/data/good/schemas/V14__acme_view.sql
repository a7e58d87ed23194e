CREATE VIEW acme.open_tasks AS SELECT id, title, due FROM acme.tasks WHERE NOT done;
