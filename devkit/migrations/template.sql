-- {title}
--
-- Say above this line what changes, and why. The file runs in one transaction; it may begin with
--   -- devkit: no-transaction   each statement commits by itself (CREATE INDEX CONCURRENTLY does so without asking)
--   -- devkit: sequential       Citus changes the shards one after the other: foreign keys to reference tables need it
-- Distributed tables have {tenant} in their keys. What is applied does not change any more: mend it in a new file.

