COMMENT ON SCHEMA acme IS 'the first tenant; since 2026';
COMMENT ON TABLE acme.tasks IS 'what acme''s people do';
