/* The cluster /* and its metadata */ come first. */
CREATE EXTENSION IF NOT EXISTS citus;
CREATE EXTENSION IF NOT EXISTS btree_gist;
