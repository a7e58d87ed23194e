CREATE TABLE acme.assignments (
    task_id bigint NOT NULL REFERENCES acme.tasks (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES acme.people (id),
    PRIMARY KEY (task_id, person_id)
);
