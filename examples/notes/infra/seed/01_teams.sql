-- Two teams with a note each; safe to run again.
INSERT INTO teams (name) VALUES ('kitchen'), ('garden') ON CONFLICT (name) DO NOTHING;
INSERT INTO notes (team_id, title)
SELECT id, 'Welcome, ' || name FROM teams
 WHERE NOT EXISTS (SELECT FROM notes WHERE notes.team_id = teams.id);
