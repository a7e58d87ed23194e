-- Of this installation, not of a tenant: a plain table on the coordinator, with a trigger that is allowed there.
CREATE TABLE installation (name text PRIMARY KEY, value text, changed_at timestamptz);
CREATE FUNCTION installation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER installation_changed BEFORE UPDATE ON installation
    FOR EACH ROW EXECUTE FUNCTION installation_changed();
