-- What everything below builds on. On the citusdata image the first is there already.
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
