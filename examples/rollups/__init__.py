"""What an application does on Citus instead of a trigger; docs/15-INCREMENTAL-VIEW-UPDATES.md says why."""
