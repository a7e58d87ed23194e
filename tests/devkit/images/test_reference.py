"""References are split as they are written."""

from __future__ import annotations

import pytest

from devkit.images.reference import ImageRef, parse

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "image", "specific"),
    [
        ("redis", ImageRef("redis", None, None), False),
        ("redis:latest", ImageRef("redis", "latest", None), False),
        ("localhost:5000/a/redis", ImageRef("localhost:5000/a/redis", None, None), False),
        ("localhost:5000/redis:8.2.2", ImageRef("localhost:5000/redis", "8.2.2", None), True),
        ("citusdata/citus:13.0", ImageRef("citusdata/citus", "13.0", None), False),
        ("citusdata/citus:13.0.3-alpine", ImageRef("citusdata/citus", "13.0.3-alpine", None), True),
        ("a:v25.2.11", ImageRef("a", "v25.2.11", None), True),
        ("a:bookworm-12.1.3", ImageRef("a", "bookworm-12.1.3", None), True),
        ("minio:RELEASE.2025-09-07T16-13-09Z", ImageRef("minio", "RELEASE.2025-09-07T16-13-09Z", None), True),
        ("postgres:17.11", ImageRef("postgres", "17.11", None), True),
        ("docker.io/library/postgres:17.11-alpine", ImageRef("docker.io/library/postgres", "17.11-alpine", None), True),
        ("postgres:17", ImageRef("postgres", "17", None), False),
        ("postgres:9.6", ImageRef("postgres", "9.6", None), False),
        ("postgres-exporter:17.11", ImageRef("postgres-exporter", "17.11", None), False),
        ("a:20260101", ImageRef("a", "20260101", None), True),
        (f"redis:8.2.2@{DIGEST}", ImageRef("redis", "8.2.2", DIGEST), True),
        (f"redis@{DIGEST}", ImageRef("redis", None, DIGEST), False),
    ],
)
def test_a_reference_is_split(text: str, image: ImageRef, specific: bool) -> None:
    assert parse(text) == image
    assert image.is_specific is specific
