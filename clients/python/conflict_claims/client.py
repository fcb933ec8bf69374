"""The client: what a conflict-claims server has, and a local copy of it that stays current."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

from conflict_claims import frames, syncing
from conflict_claims.fetching import Fetching
from conflict_claims.local import Copy
from conflict_claims.syncing import OnPage, SyncResult
from conflict_claims.transport import Transport

if TYPE_CHECKING:
    from pandas import DataFrame


class Client(Fetching):
    """Reads the server at `base_url` ("https://claims.example.org") as the user of `key`.

    What may pass is tried again: up to `attempts` times in all, after waits that double, or as
    long as the server asks for, but never longer than `patience` seconds at once. `timeout`:
    seconds without a byte. `proxy`: the address of one. A key is sent over https alone, but to
    this machine, or with `plain_http`.

    What was read is kept in memory and asked for again only if it has changed. For one thread.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        attempts: int = 8,
        patience: float = 300,
        timeout: float = 60,
        proxy: str | None = None,
        plain_http: bool = False,
    ) -> None:
        self._transport = Transport(
            base_url,
            key,
            attempts=attempts,
            patience=patience,
            timeout=timeout,
            proxy=proxy,
            plain_http=plain_http,
        )
        self._memory: Copy | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def sync(
        self, path: str | Path, *, on_page: OnPage | None = None, restart: bool = False
    ) -> SyncResult:
        """Brings the copy in this SQLite file up to date, and makes it where there is none. Killed
        at any time, it goes on from there at the next call. `on_page` is called after each page
        with a `Progress`; `restart` makes the copy anew.

        Raises CursorRefused where the server does not know the copy's place in its feed, and
        CopyError where the file is not a copy of this server."""
        with closing(Copy(path, self._transport.base_url)) as copy:
            return syncing.sync(self._transport, copy, on_page=on_page, restart=restart)

    def frame(
        self,
        table: frames.Table = "claims",
        *,
        path: str | Path | None = None,
        standing: bool = True,
        on_page: OnPage | None = None,
    ) -> DataFrame:
        """A table of the copy, current, as a DataFrame: `claims` (those that count now, or with
        `standing=False` in all states) or `statuses`. Without a path the copy is in memory, and
        this client's next call asks for what has changed since alone."""
        if path is not None:
            with closing(Copy(path, self._transport.base_url)) as copy:
                syncing.sync(self._transport, copy, on_page=on_page)
                return frames.frame(copy, table, standing=standing)
        if self._memory is None:
            self._memory = Copy(":memory:", self._transport.base_url)
        syncing.sync(self._transport, self._memory, on_page=on_page)
        return frames.frame(self._memory, table, standing=standing)
