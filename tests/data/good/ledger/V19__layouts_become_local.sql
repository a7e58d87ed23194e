-- Reports never joined the layouts. Who changes one is to be recorded now, by a trigger: Citus has none on reference
-- tables, so the layouts become a plain table of the coordinator, to which nothing refers.
CREATE FUNCTION ledger.stamp_layout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.changed_by := session_user;
    new.changed_at := now();
    RETURN new;
END $$;
SELECT undistribute_table('ledger.report_layouts');
ALTER TABLE ledger.report_layouts
    ADD COLUMN changed_by text NOT NULL DEFAULT session_user,
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
CREATE TRIGGER report_layouts_stamp BEFORE UPDATE ON ledger.report_layouts
    FOR EACH ROW EXECUTE FUNCTION ledger.stamp_layout();
