CREATE TABLE public.plans (name text PRIMARY KEY, seats integer NOT NULL);
SELECT create_reference_table('public.plans');
INSERT INTO public.plans VALUES ('small', 5), ('large', 500);
