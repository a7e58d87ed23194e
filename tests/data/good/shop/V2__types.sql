-- Types before tables: Citus creates them on every node.
CREATE TYPE order_status AS ENUM ('draft', 'placed', 'paid', 'shipped', 'cancelled');
CREATE DOMAIN sku_code AS text CHECK (VALUE ~ '^[A-Z0-9][A-Z0-9-]{2,31}$');
CREATE DOMAIN email_address AS text CONSTRAINT email_address_shape CHECK (position('@' IN VALUE) > 1);
CREATE TYPE postal_address AS (line1 text, line2 text, city text, postcode text, country_code char(2));
