-- Regions were free text by mistake. Reference tables are the one thing outside its schema a tenant may point at.
ALTER TABLE tenant_a.customers
    ADD CONSTRAINT customers_region FOREIGN KEY (region) REFERENCES public.regions (code);
ALTER TABLE tenant_b.customers
    ADD CONSTRAINT customers_region FOREIGN KEY (region) REFERENCES public.regions (code);
