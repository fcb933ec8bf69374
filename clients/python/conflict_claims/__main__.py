"""usage: python -m conflict_claims sync FILE --url https://claims.example.org"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TextIO

from conflict_claims.client import Client
from conflict_claims.errors import ClaimsError
from conflict_claims.syncing import Progress
from conflict_claims.version import VERSION

KEY, URL = "CONFLICT_CLAIMS_KEY", "CONFLICT_CLAIMS_URL"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: the copy is current; 1: it is not, and the reason is on standard error; 2:
    wrong arguments; 130: interrupted. After 1 and 130 the next run goes on where this one was."""
    given = _parser().parse_args(arguments)
    if not given.url:
        print(f"Which server? Say --url, or set {URL}.", file=sys.stderr)
        return 2
    try:
        with Client(given.url, os.environ.get(KEY) or None, plain_http=given.plain_http) as client:
            told = None if given.quiet else _Told(sys.stderr)
            done = client.sync(given.file, on_page=told, restart=given.restart)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except ClaimsError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"{given.file}: {done.changes} changes; {done.claims} claims, {done.statuses} statuses.")
    return 0


class _Told:
    """Says after each page how far it is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, progress: Progress) -> None:
        if progress.more:
            print(f"{progress.changes} changes, up to {progress.at}", file=self._out, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m conflict_claims")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    sync = commands.add_parser(
        "sync",
        help="bring a copy up to date",
        description=f"Brings the SQLite copy in FILE up to date. The key stands in {KEY}.",
    )
    sync.add_argument("file", metavar="FILE")
    sync.add_argument("--url", default=os.environ.get(URL), help=f"the server (else {URL})")
    sync.add_argument("--quiet", action="store_true", help="tell errors and the end alone")
    sync.add_argument(
        "--restart", action="store_true", help="empty the copy, and make it anew from the start"
    )
    sync.add_argument(
        "--plain-http", action="store_true", help="send the key without encryption, too"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
