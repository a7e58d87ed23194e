-- Constraints of tables; their own triggers may have been switched off (ALTER TABLE … DISABLE TRIGGER ALL).
SELECT r.name, 'constraint ' || quote_ident(k.conname), 0,
       concat_ws(', ', pg_catalog.pg_get_constraintdef(k.oid),
           CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger t  -- a foreign key's, or what a deferrable key waits for
                 WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O') THEN 'not enforced: its triggers are disabled' END),
       k.oid::bigint
  FROM relation r JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid
 WHERE k.contype IN ('p', 'u', 'x', 'f', 'c')
