"""`./inv bench`: every comparison, one after the other."""

from __future__ import annotations

from bench import replay_beside_dbmate

if __name__ == "__main__":
    replay_beside_dbmate.main()
