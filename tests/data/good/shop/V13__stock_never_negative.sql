-- Overselling was possible for a while: new rows are checked now, old ones by V15, after they are mended.
ALTER TABLE product_variants
    ADD CONSTRAINT variants_stock_not_negative CHECK (stock >= 0) NOT VALID;
