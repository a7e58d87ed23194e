"""`./inv bench`: every comparison, one after the other."""

from __future__ import annotations

from bench import (
    migrate_beside_peers,
    newcomer,
    pin_beside_kbld,
    replay_beside_dbmate,
    reset_beside_peers,
    snapshot_beside_pg_dump,
    standin_beside_postgres,
    status_beside_peers,
)

if __name__ == "__main__":
    replay_beside_dbmate.main()
    migrate_beside_peers.main()
    status_beside_peers.main()
    pin_beside_kbld.main()
    snapshot_beside_pg_dump.main()
    standin_beside_postgres.main()
    reset_beside_peers.main()
    newcomer.main()
