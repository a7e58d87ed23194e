"""A reference gets the full name that its registry is asked for, or the reason why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.images.name import BadReferenceError, Name, normal

DIGEST = "sha256:" + "0123456789abcdef" * 4
REDIS = Name("docker.io", "library/redis", "latest")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("redis", REDIS),
        ("library/redis", REDIS),
        ("docker.io/redis", REDIS),
        ("docker.io/library/redis:latest", REDIS),
        ("index.docker.io/library/redis", REDIS),
        ("redis:8.2.2", Name("docker.io", "library/redis", "8.2.2")),
        (f"redis@{DIGEST}", Name("docker.io", "library/redis", None, DIGEST)),
        (f"redis:8@{DIGEST}", Name("docker.io", "library/redis", "8", DIGEST)),
        ("citusdata/citus:13.0", Name("docker.io", "citusdata/citus", "13.0")),
        ("ghcr.io/a/b/c", Name("ghcr.io", "a/b/c", "latest")),
        ("localhost/a", Name("localhost", "a", "latest")),
        ("localhost:5000/a", Name("localhost:5000", "a", "latest")),
        ("registry:5000/a:1", Name("registry:5000", "a", "1")),
        ("127.0.0.1:5000/a", Name("127.0.0.1:5000", "a", "latest")),
        ("[::1]:5000/a:1", Name("[::1]:5000", "a", "1")),
        ("Registry/a", Name("Registry", "a", "latest")),
        ("a/b__c--d.e_f", Name("docker.io", "a/b__c--d.e_f", "latest")),
        ("a:UPPER_case.1-2", Name("docker.io", "library/a", "UPPER_case.1-2")),
    ],
)
def test_a_short_name_is_made_full(written: str, name: Name) -> None:
    assert normal(written) == name
    assert normal(str(name)) == name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "'' is no name of a repository"),
        ("redis@", "nothing stands after the @"),
        ("redis:", "no tag stands after the colon"),
        (f"redis:@{DIGEST}", "no tag stands after the colon"),
        ("Redis", "'Redis' has capital letters"),
        ("ghcr.io/Team/app", "'ghcr.io/Team/app' has capital letters"),
        ("a//b", "'a//b' is no name of a repository"),
        ("a/-b", "'a/-b' is no name of a repository"),
        ("a b", "'a b' is no name of a repository"),
        ("{{ .Values.image }}", "is no name of a repository"),
        ("-x.io/a", "'-x.io' is no name of a registry"),
        ("x.io:port/a", "'x.io:port' is no name of a registry"),
        (f"redis:{'a' * 129}", "is no tag"),
        ("redis:-a", "'-a' is no tag"),
        ("redis:ä", "'ä' is no tag"),
        ("redis@sha256:0", "is no digest of 64 hexadecimal digits"),
        (f"redis@{DIGEST.upper()}", "is no digest of 64 hexadecimal digits"),
        (f"redis@{DIGEST}\n", "is no digest of 64 hexadecimal digits"),
        (f"redis@sha512:{'0' * 128}", "is no digest of 64 hexadecimal digits"),
        ("redis:8\n", "is no tag"),
        (f"ghcr.io/{'a' * 248}", "the name is longer than 255 characters"),
    ],
)
def test_what_names_no_image_is_refused_with_why(written: str, why: str) -> None:
    with pytest.raises(BadReferenceError) as caught:
        normal(written)
    assert why in str(caught.value)


def test_the_longest_name_is_taken() -> None:
    assert len(normal(f"ghcr.io/{'a' * 247}").image) == 255


@given(st.text(alphabet="aZ0.:/@-_[] \n" + "sha256", max_size=30))
def test_any_text_has_a_name_or_is_refused(text: str) -> None:
    try:
        name = normal(text)
    except BadReferenceError as error:
        assert str(error)  # noqa: PT017 - it is what is promised of the refusal
    else:
        assert normal(str(name)) == name
        assert (name.tag is None) == (name.digest is not None and ":" not in text.partition("@")[0].rpartition("/")[2])
