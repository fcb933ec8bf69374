"""Addresses of the servers, as Django, redis-py and Celery take them, and secrets.

Refusals name the setting and never hold its value, which may carry a password.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import dj_database_url

from config.env import refuse

POSTGRES_FORM = "postgresql://USER:PASSWORD@HOST:PORT/NAME, special characters as %XX"
REDIS_FORM = "redis://:PASSWORD@HOST:PORT/NUMBER, rediss://… or unix:///PATH?db=NUMBER"
POSTGRES_SCHEMES = {"postgresql", "postgres"}
NO_JIT = "-c jit=off"  # as libpq takes settings of a session
SECRET_LENGTH = 50  # characters; with SECRET_VARIETY what `check --deploy` asks for
SECRET_VARIETY = 5  # different characters
TOKEN_LENGTH = 20  # characters, of what lets a program in


def database(url: str, password: str = "") -> dict[str, Any]:
    """DATABASE_URL as an entry of DATABASES; `password` where the address has none.

    Sessions compile no statements (`jit`), unless the address has `options` of its own.

    Raises ImproperlyConfigured where it is malformed or both hold a password.
    """
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        refuse("DATABASE_URL", f"is malformed: must be {POSTGRES_FORM}")
    if urlsplit(url).scheme not in POSTGRES_SCHEMES or not parsed["NAME"]:
        refuse("DATABASE_URL", f"is malformed: must be {POSTGRES_FORM}")
    if password and parsed["PASSWORD"]:
        refuse("DATABASE_PASSWORD", "is set, but DATABASE_URL holds a password: one must go")
    refuse_example("DATABASE_PASSWORD", password)
    if _is_example(parsed["PASSWORD"]):
        refuse("DATABASE_URL", "holds a password that is an example: draw another")
    parsed["PASSWORD"] = parsed["PASSWORD"] or password
    # Lists of towns look costly enough to the planner to be compiled first, which takes longer
    # than they do: of 100,000 claims the list took 4.5 s, 0.9 s without (one visit each, on a busy
    # machine). pgbouncer must be told to ignore it: `ignore_startup_parameters = options`.
    parsed["OPTIONS"] = {"options": NO_JIT, **parsed.get("OPTIONS", {})}
    return parsed


def refuse_example(name: str, password: str) -> None:
    """Raises ImproperlyConfigured where a password is one that everybody knows."""
    if _is_example(password):
        refuse(name, "is an example that everybody knows: draw another")


def _is_example(secret: str) -> bool:
    return "change-me" in secret.lower()


def broker(url: str) -> str:
    """REDIS_URL as Celery (kombu) takes it. Raises ImproperlyConfigured where it is malformed."""
    split = _redis(url)
    if split.scheme in ("redis", "rediss"):
        return url
    password = f":{split.password}@" if split.password else ""
    return f"redis+socket://{password}{split.path}?virtual_host={_number(split)}"


def cache(url: str) -> str:
    """REDIS_URL as redis-py takes it. Raises ImproperlyConfigured where it is malformed."""
    split = _redis(url)
    if split.scheme in ("redis", "rediss"):
        return url
    password = f":{split.password}@" if split.password else ""
    return f"unix://{password}{split.path}?db={_number(split)}"


def refuse_weak_key(value: str) -> None:
    """Whoever knows CLAIMS_SECRET_KEY can log in as anybody: raises ImproperlyConfigured where it
    is missing, short or a known example."""
    name = "CLAIMS_SECRET_KEY"
    advice = "draw one with `openssl rand -base64 48`"
    if not value:
        refuse(name, f"(or {name}_FILE) must be set where DATABASE_URL is: {advice}")
    if value.startswith("django-insecure") or _is_example(value):
        refuse(name, f"is an example that everybody knows: {advice}")
    if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_VARIETY:
        refuse(name, f"is too simple: {SECRET_LENGTH} random characters are needed: {advice}")


def refuse_short_token(name: str, value: str) -> None:
    """Raises ImproperlyConfigured where a token is set that can be guessed."""
    if value and (len(value) < TOKEN_LENGTH or _is_example(value)):
        refuse(name, f"is too simple: {TOKEN_LENGTH} random characters are needed")


def _redis(url: str) -> SplitResult:
    try:
        split = urlsplit(url)
        _ = split.port  # parsed, and refused, only when it is asked for
        number = _number(split)
    except ValueError:
        refuse("REDIS_URL", f"is malformed: must be {REDIS_FORM}")
    match split.scheme:
        case "redis" | "rediss":
            sound = bool(split.hostname)
        case "unix" | "redis+socket":
            sound = bool(split.path.strip("/"))
        case _:
            sound = False
    if not (sound and number.isdecimal()):
        refuse("REDIS_URL", f"is malformed: must be {REDIS_FORM}")
    return split


def _number(split: SplitResult) -> str:
    """Of the database that an address asks for; the first where it asks for none."""
    asked = parse_qs(split.query)
    if split.scheme in ("redis", "rediss"):
        return split.path.strip("/") or "0"
    return next((asked[key][0] for key in ("db", "virtual_host") if key in asked), "0")


def origin(url: str) -> list[str]:
    """Scheme and host of an address, as the content security policy names them; none of none."""
    split = urlsplit(url)
    return [f"{split.scheme}://{split.netloc}"] if url else []
