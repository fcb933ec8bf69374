"""Settings from the environment: what is taken, what is refused and in which words."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import addresses, env
from config.env import Source

PASSWORD = "correct-horse"  # never to be seen in a message


@pytest.fixture(autouse=True)
def _own_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "_declared", {})


def refusal(declare: Callable[[], object]) -> str:
    with pytest.raises(ImproperlyConfigured) as raised:
        declare()
    return str(raised.value)


@pytest.mark.parametrize(
    ("declare", "given", "value"),
    [
        (lambda: env.flag("X", False, meaning=""), "Yes", True),
        (lambda: env.flag("X", True, meaning=""), "0", False),
        (lambda: env.flag("X", True, meaning=""), "", True),
        (lambda: env.integer("X", 5, minimum=1, meaning=""), "12", 12),
        (lambda: env.integer("X", 5, minimum=1, meaning=""), "", 5),
        (lambda: env.words("X", ("a", "b"), meaning=""), " c, ,d", ["c", "d"]),
        (lambda: env.words("X", ("a", "b"), meaning=""), "", ["a", "b"]),
        (lambda: env.text("X", "INFO", choices=("INFO", "DEBUG"), meaning=""), "DEBUG", "DEBUG"),
        (lambda: env.text("X", derived="a folder", meaning=""), "", ""),
    ],
)
def test_values_are_typed_and_an_empty_one_is_the_default(
    monkeypatch: pytest.MonkeyPatch, declare: Callable[[], object], given: str, value: object
) -> None:
    monkeypatch.setenv("X", given)
    assert declare() == value


@pytest.mark.parametrize(
    ("declare", "given", "why"),
    [
        (lambda: env.flag("X", False, meaning=""), "maybe", "must be 1 or 0"),
        (
            lambda: env.integer("X", 5, minimum=1, meaning=""),
            "0",
            "must be a whole number from 1",
        ),
        (lambda: env.integer("X", 5, meaning=""), "-1", "must be a whole number from 0"),
        (lambda: env.integer("X", 5, meaning=""), "²", "must be a whole number from 0"),
        (
            lambda: env.text("X", "INFO", choices=("INFO", "DEBUG"), meaning=""),
            "loud",
            "must be one of INFO, DEBUG",
        ),
    ],
)
def test_a_malformed_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, declare: Callable[[], object], given: str, why: str
) -> None:
    monkeypatch.setenv("X", given)
    assert refusal(declare) == f"X is {given!r}: {why}"


def test_a_secret_comes_from_its_file_without_the_space_round_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"\n{PASSWORD} \n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.secret("X", meaning="") == PASSWORD
    [setting] = env.declared()
    assert (setting.source, setting.value, setting.file) == (
        Source.FILE,
        "set",
        str(tmp_path / "secret"),
    )
    assert PASSWORD not in repr(setting)


def test_a_secret_that_cannot_be_had_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("X", PASSWORD)
    monkeypatch.setenv("X_FILE", str(tmp_path))
    assert refusal(lambda: env.secret("X", meaning="")) == (
        "X and X_FILE are both set: one of them must go"
    )
    monkeypatch.delenv("X")
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name, why in {
        ".": "Is a directory",
        "none": "No such file or directory",
        "empty": "the file is empty",
        "binary": "not UTF-8 text",
    }.items():
        monkeypatch.setenv("X_FILE", str(tmp_path / name))
        assert refusal(lambda: env.secret("X", meaning="")) == (
            f"X_FILE is {str(tmp_path / name)!r}: {why}"
        )


def test_each_value_knows_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "1")
    monkeypatch.setenv("G", PASSWORD)
    env.integer("A", 5, meaning="")
    env.integer("B", 5, meaning="")
    env.text("C", derived="a folder", meaning="")
    env.words("D", meaning="")
    env.elsewhere("E", reader="tests", kind="file", meaning="")
    env.secret("F", derived="drawn once", meaning="")
    env.secret("G", meaning="")
    assert [(s.name, s.source.value, s.value) for s in env.declared()] == [
        ("A", "environment", "1"),
        ("B", "default", "5"),
        ("C", "derived", "a folder"),
        ("D", "not set", ""),
        ("E", "not set", ""),
        ("F", "derived", ""),
        ("G", "environment", "set"),
    ]


def test_an_unknown_name_is_refused_with_the_nearest_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.startswith("CLAIMS_")]:
        monkeypatch.delenv(name)
    env.flag("CLAIMS_DEBUG", False, meaning="")
    env.secret("CLAIMS_KEY", meaning="")
    env.refuse_unknown()
    monkeypatch.setenv("CLAIMS_DEBGU", "1")
    assert refusal(env.refuse_unknown) == "CLAIMS_DEBGU is no setting: did you mean CLAIMS_DEBUG?"
    monkeypatch.delenv("CLAIMS_DEBGU")
    monkeypatch.setenv("CLAIMS_KEY_FIEL", "1")
    assert refusal(env.refuse_unknown).endswith("did you mean CLAIMS_KEY_FILE?")
    monkeypatch.delenv("CLAIMS_KEY_FIEL")
    monkeypatch.setenv("CLAIMS_ZZZZZZZZZZZZ", "1")
    assert refusal(env.refuse_unknown) == (
        "CLAIMS_ZZZZZZZZZZZZ is no setting: `manage.py settings` lists all"
    )


def test_a_database_address_and_its_password_apart() -> None:
    found = addresses.database("postgresql://claims@db.example:5433/news", PASSWORD)
    assert {key: found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")} == {
        "USER": "claims",
        "PASSWORD": PASSWORD,
        "HOST": "db.example",
        "PORT": 5433,
        "NAME": "news",
    }
    whole = addresses.database(f"postgres://claims:{PASSWORD}%23@db.example/news")
    assert whole["PASSWORD"] == f"{PASSWORD}#"


def test_sessions_compile_no_statements_unless_the_address_says_so() -> None:
    found = addresses.database("postgresql://claims@db.example/news?sslmode=require")
    assert found["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}
    own = addresses.database("postgresql://claims@db.example/news?options=-c%20jit%3Don")
    assert own["OPTIONS"] == {"options": "-c jit=on"}


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://claims:{PASSWORD}@db.example/news",
        f"postgresql://claims:{PASSWORD}@db.example",
        f"postgresql://claims:{PASSWORD}#x@db.example/news",
        f"postgresql://claims:{PASSWORD}@db.example:port/news",
        f"postgresql://claims:{PASSWORD}@[db.example/news",
        PASSWORD,
    ],
)
def test_a_malformed_database_address_is_refused_without_its_password(url: str) -> None:
    said = refusal(lambda: addresses.database(url))
    assert said.startswith("DATABASE_URL is malformed: must be postgresql://")
    assert PASSWORD not in said


def test_two_passwords_are_one_too_many() -> None:
    said = refusal(lambda: addresses.database("postgresql://a:b@db.example/news", PASSWORD))
    assert said == "DATABASE_PASSWORD is set, but DATABASE_URL holds a password: one must go"


@pytest.mark.parametrize(
    ("url", "password", "line"),
    [
        ("postgresql://a@db.example/news", "Change-Me", "DATABASE_PASSWORD is an example"),
        ("postgresql://a:change-me@db.example/news", "", "DATABASE_URL holds a password that is"),
    ],
)
def test_an_examples_password_is_refused(url: str, password: str, line: str) -> None:
    assert refusal(lambda: addresses.database(url, password)).startswith(line)


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://cache.example/3", "redis://cache.example/3", "redis://cache.example/3"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3", None),
        ("redis+socket:///run/v.sock?virtual_host=3", None, "unix:///run/v.sock?db=3"),
        (
            "unix:///run/v.sock",
            "redis+socket:///run/v.sock?virtual_host=0",
            "unix:///run/v.sock?db=0",
        ),
    ],
)
def test_a_broker_address_as_each_library_takes_it(
    url: str, broker: str | None, cache: str | None
) -> None:
    assert (addresses.broker(url), addresses.cache(url)) == (broker or url, cache or url)


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{PASSWORD}@cache.example/0",
        f"redis://:{PASSWORD}@cache.example:port/0",
        f"redis://:{PASSWORD}@cache.example/news",
        f"redis://:{PASSWORD}@/0",
        "unix://",
        PASSWORD,
    ],
)
def test_a_malformed_broker_address_is_refused_without_its_password(url: str) -> None:
    said = refusal(lambda: addresses.broker(url))
    assert said.startswith("REDIS_URL is malformed: must be redis://")
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "(or CLAIMS_SECRET_KEY_FILE) must be set where DATABASE_URL is"),
        ("django-insecure-" + "qwertyuiop" * 5, "is an example that everybody knows"),
        ("please-Change-Me-" + "qwertyuiop" * 5, "is an example that everybody knows"),
        ("qwertyuio" * 5, "is too simple: 50 random characters are needed"),
        ("abcd" * 20, "is too simple: 50 random characters are needed"),
    ],
)
def test_a_weak_key_is_refused(key: str, why: str) -> None:
    said = refusal(lambda: addresses.refuse_weak_key(key))
    assert said == f"CLAIMS_SECRET_KEY {why}: draw one with `openssl rand -base64 48`"


def test_a_strong_key_is_taken() -> None:
    addresses.refuse_weak_key("qwertyuiop" * 5)


TILES = "https://tile.example:8443/a/{z}/{x}/{y}.png"


@pytest.mark.parametrize("given", [TILES, "http://localhost/{z}-{y}-{x}", ""])
def test_a_tile_servers_address_is_taken(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("X", given)
    assert env.tiles("X", meaning="") == given


@pytest.mark.parametrize(
    "given",
    [
        "tile.example/{z}/{x}/{y}.png",
        "ftp://tile.example/{z}/{x}/{y}.png",
        "https://tile.example/{z}/{x}.png",
        "https://{s}.tile.example/{z}/{x}/{y}.png",
        "https://tile.example/{z}/{x}/{y}; script-src *",
        "https://user@tile.example/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_tile_servers_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("X", given)
    said = refusal(lambda: env.tiles("X", meaning=""))
    assert (
        said == f"X is {given!r}: must be https://HOST/PATH with {{z}}, {{x}} and {{y}} in the path"
    )


def test_the_policy_names_a_tile_servers_host_alone() -> None:
    assert addresses.origin(TILES) == ["https://tile.example:8443"]
    assert addresses.origin("") == []
