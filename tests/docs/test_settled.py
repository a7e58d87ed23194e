"""What changes from run to run is told alike, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.settled import meant, settled, shown

SAME = [
    ("  0.65 s", "  12.3 s"),
    ("✔ V1__a.sql: 2 statements, 92 ms", "✔ V1__a.sql: 2 statements, 1.2 s"),
    ("  identity 2d13114181ea", "  identity 3f2a90c41b7e"),
    (
        "identity e221be5b345b in ana.json, ae346656d893 in here",
        "identity 000000000000 in ana.json, 1234567890ab in here",
    ),
    ("UID e50b2fcc-15ed-474e-a1f8-bc65b188735c, 1 node", "UID 2bc50b20-2778-41d9-9ab6-ed91f3b910e5, 1 node"),
    ("  http://localhost:10350 (process 16772)", "  http://localhost:41893 (process 7)"),
    ("  app@127.0.0.1:37837/app: PostgreSQL", "  app@127.0.0.1:5432/app: PostgreSQL"),
    ("wrote /tmp/tmpab12/x.json", "wrote /var/tmp/y.json"),
    ("pod grafana-fd44d64c8-62znd ready", "pod grafana-fd44d64c8-fj6b9 ready"),
    ("applied  2026-11-28 16:44:56 UTC  you", "applied  2027-01-02 03:04:05 UTC  you"),
    ("loki-0   1/1     Running   0          5m12s", "loki-0   1/1     Running   0          8s"),
    ("deleting for 0 s; held", "deleting for 12 s; held"),
    ("name    12 s   next column", "name   3 s    next column"),
    ("✔ node  8 checks of doctor, 1 warning: kubernetes", "✔ node  8 checks of doctor, no warnings"),
    ("state/devkit/checkouts/638fd5d42387aa9e/tilt.log", "state/devkit/checkouts/0000000000000000/tilt.log"),
]
DIFFERENT = [
    ("✔ 0 errors, 2 warnings", "✔ 0 errors, 3 warnings"),
    ("18 replayed (66 statements)", "18 replayed (67 statements)"),
    ("infra/k8s/redis.yaml:46:18: error", "infra/k8s/redis.yaml:47:18: error"),
    ("redis:8.2.2", "redis:8.2.3"),
    ("sha256:5d38254dd694", "sha256:5a5b886c1feb"),
    ("13 of 15 services", "14 of 15 services"),
    ("  two columns", " two columns"),
    ("V17__audit_log_2026_03.sql", "V17__audit_log_2026_04.sql"),
    ("✔ node  8 checks of doctor, no warnings", "✔ node  9 checks of doctor, no warnings"),
    ("public.bets  23 columns", "public.bets 23 columns"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_changes_from_run_to_run_is_the_same(one: str, other: str) -> None:
    assert settled(one) == settled(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_means_something_is_not(one: str, other: str) -> None:
    assert settled(one) != settled(other)


@given(st.lists(st.sampled_from([each for pair in (*SAME, *DIFFERENT) for each in pair])).map("  ".join) | st.text())
def test_what_is_settled_stays_so(line: str) -> None:
    assert settled(settled(line)) == settled(line)


def test_a_page_names_places_as_its_reader_has_them() -> None:
    places = {"~/devkit": "/dev/shm/docs-x/devkit", "~": "/dev/shm/docs-x", "localhost:5432": "localhost:40111"}
    assert shown("/dev/shm/docs-x/devkit/infra and /dev/shm/docs-x/b  ", places) == "~/devkit/infra and ~/b"
    assert meant("psql postgresql://app@localhost:5432/app", places) == "psql postgresql://app@localhost:40111/app"
