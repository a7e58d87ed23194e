"""Migrations as a team writes them, in every runner's form, and what a database holds after them."""

from __future__ import annotations

from pathlib import Path

SCHEMA = """
SELECT table_name, column_name, ordinal_position, data_type, column_default, is_nullable
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'table%'
UNION ALL
SELECT tablename, indexdef, 0, '', NULL, '' FROM pg_indexes
 WHERE schemaname = 'public' AND tablename LIKE 'table%'
UNION ALL
SELECT conrelid::regclass::text, pg_get_constraintdef(oid), 0, contype::text, NULL, conname FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text LIKE 'table%'
ORDER BY 1, 2, 3"""


def statements(number: int) -> str:
    """A table with a key and an index, a change to the last one, or rows for it."""
    table = f"table_{number - number % 3}"
    if number % 3 == 0:
        return (
            f"CREATE TABLE {table} (\n  tenant_id bigint NOT NULL,\n  id uuid NOT NULL,\n  name text NOT NULL,\n"
            f"  created_at timestamptz NOT NULL DEFAULT now(),\n  PRIMARY KEY (tenant_id, id)\n);\n"
            f"CREATE INDEX {table}_name ON {table} (tenant_id, name);\n"
        )
    if number % 3 == 1:
        return (
            f"ALTER TABLE {table} ADD COLUMN amount numeric NOT NULL DEFAULT 0;\n"
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_amount CHECK (amount >= 0);\n"
        )
    return (
        f"INSERT INTO {table} (tenant_id, id, name) SELECT 1, gen_random_uuid(), 'n' FROM generate_series(1, 10);\n"
        f"UPDATE {table} SET amount = 1 WHERE tenant_id = 1;\n"
    )


def write(folder: Path, files: int) -> dict[str, Path]:
    """The same migrations as devkit and Flyway, as dbmate, and as golang-migrate read them: their folders."""
    folders = {name: folder / name for name in ("devkit", "dbmate", "golang-migrate")}
    for each in folders.values():
        each.mkdir()
    for number in range(files):
        text = statements(number)
        (folders["devkit"] / f"V{number + 1}__step.sql").write_text(text)
        (folders["dbmate"] / f"{number + 1:06}_step.sql").write_text(f"-- migrate:up\n{text}\n-- migrate:down\n")
        (folders["golang-migrate"] / f"{number + 1:06}_step.up.sql").write_text(text)
    return folders
