-- The board of tenant_a: a view in the tenant's own schema, over its own tables.
CREATE VIEW tenant_a.board AS
SELECT p.title AS project, t.state, count(*) AS tasks, min(t.priority) AS most_urgent
  FROM tenant_a.projects p
  JOIN tenant_a.tasks t ON t.project_id = p.id
 GROUP BY p.title, t.state;
