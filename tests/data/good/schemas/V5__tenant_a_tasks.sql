-- Tasks, with a type that belongs to the tenant as well.
SET LOCAL search_path TO tenant_a, public;
CREATE TYPE task_state AS ENUM ('open', 'doing', 'done');
CREATE TABLE tasks (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES projects (id),
    state task_state NOT NULL DEFAULT 'open',
    title text NOT NULL,
    title_search tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,
    due daterange
);
CREATE INDEX tasks_open ON tasks (project_id) WHERE state <> 'done';
CREATE INDEX tasks_search ON tasks USING gin (title_search);
