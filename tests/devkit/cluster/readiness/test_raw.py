"""Events, times and words as components write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devkit.cluster.readiness.events import events_about
from devkit.cluster.readiness.raw import moment, said, span
from tests.devkit.cluster.readiness.objects import (
    NOW,
    Object,
    ago,
    event,
    new_event,
    pod,
    thing,
)


def test_events_of_both_apis_read_the_same() -> None:
    about = pod(name="p", creationTimestamp=ago(60))
    old: Object = event(about, "FailedMount", "no.", last=10, first=50, count=4, part="redis")
    new = new_event(about, "FailedMount", "no", last=10)
    series = {**new, "eventTime": ago(50), "series": {"count": 4, "lastObservedTime": ago(10)}}
    (one,), (two,) = events_about("Pod", about, [old]), events_about("Pod", about, [series])
    assert (one.reason, one.message, one.first, one.last, one.count) == (
        two.reason, two.message, two.first, two.last, two.count,
    )  # fmt: skip
    assert (one.container, two.container) == ("redis", "")


def test_an_event_about_another_object_does_not_count() -> None:
    about, other = pod(name="p"), pod(name="q")
    assert not events_about("Pod", about, [event(other, "FailedMount", "no")])
    assert not events_about("Pod", about, [event(thing("v1", "Secret", "p"), "FailedMount", "no")])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-25T12:00:00Z", NOW),
        ("2026-11-25T12:00:00.123456789Z", NOW.replace(microsecond=123456)),
        ("2026-11-25T13:00:00+01:00", NOW),
        ("2026-11-25T12:00:00", NOW),
        ("yesterday", None),
        (7, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_are_read_in_utc(written: object, read: datetime | None) -> None:
    found = moment({"at": written}, "at")
    assert found == read
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (200_000, "2 days")]
)
def test_a_span_is_for_people(seconds: int, shown: str) -> None:
    assert span(seconds) == shown


def test_what_a_component_says_cannot_move_the_cursor() -> None:
    assert said("\x1b[2Jred\r\n\talert.\ud800 ") == "[2Jred alert"
