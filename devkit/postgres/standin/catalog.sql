-- The metadata tables of Citus, with its names and columns (src/include/distributed/pg_dist_*.h).
-- A table cannot be created in pg_catalog, but it can be moved there, so that unqualified names resolve as they do
-- on the real server.
CREATE SCHEMA citus;
CREATE SCHEMA citus_internal;
GRANT USAGE ON SCHEMA citus, citus_internal TO public;

CREATE TYPE citus.distribution_type AS ENUM ('hash', 'range', 'append');

CREATE TABLE citus.pg_dist_partition (
    logicalrelid regclass PRIMARY KEY,
    partmethod "char" NOT NULL,             -- h hash, r range, a append, n none
    partkey text,                           -- a node tree; only its varattno and vartype are ever read
    colocationid integer NOT NULL DEFAULT 0,
    repmodel "char" NOT NULL,               -- s streaming, c by the coordinator, t two-phase commit: a reference table
    autoconverted boolean NOT NULL DEFAULT false
);
CREATE INDEX ON citus.pg_dist_partition (colocationid);

CREATE TABLE citus.pg_dist_colocation (
    colocationid integer PRIMARY KEY,
    shardcount integer NOT NULL,
    replicationfactor integer NOT NULL,
    distributioncolumntype oid NOT NULL,
    distributioncolumncollation oid NOT NULL
);

CREATE TABLE citus.pg_dist_schema (
    schemaid regnamespace PRIMARY KEY,
    colocationid integer NOT NULL UNIQUE
);

CREATE TABLE citus.pg_dist_node (
    nodeid integer PRIMARY KEY,
    groupid integer NOT NULL,               -- 0 is the coordinator
    nodename text NOT NULL DEFAULT 'localhost',
    nodeport integer NOT NULL DEFAULT 5432,
    noderack text NOT NULL DEFAULT 'default',
    hasmetadata boolean NOT NULL DEFAULT true,
    isactive boolean NOT NULL DEFAULT true,
    noderole text NOT NULL DEFAULT 'primary',
    nodecluster name NOT NULL DEFAULT 'default',
    metadatasynced boolean NOT NULL DEFAULT true,
    shouldhaveshards boolean NOT NULL DEFAULT true
);

CREATE SEQUENCE citus.pg_dist_colocationid_seq MAXVALUE 4294967296;

ALTER TABLE citus.pg_dist_partition SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_colocation SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_schema SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_node SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_colocationid_seq SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.pg_dist_partition, pg_catalog.pg_dist_colocation, pg_catalog.pg_dist_schema,
    pg_catalog.pg_dist_node TO public;
