-- Which release is installed where: operators' notes, a plain table of the coordinator. Nothing refers to it, so it may
-- have a trigger.
CREATE TABLE IF NOT EXISTS public.deployments (
    id serial PRIMARY KEY,
    release text NOT NULL,
    noted_at timestamptz,
    note text
);
CREATE FUNCTION public.note_time() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    new.noted_at := coalesce(new.noted_at, clock_timestamp());  -- "now()" would be the same for a whole script;
    RETURN new;
END;
$body$;
CREATE OR REPLACE TRIGGER deployments_noted BEFORE INSERT ON public.deployments
    FOR EACH ROW EXECUTE FUNCTION public.note_time();
INSERT INTO public.deployments (release, note) VALUES ('2026.1', 'first with archive; see V11');
