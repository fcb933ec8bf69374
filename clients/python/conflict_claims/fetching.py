"""Tables and releases as files on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Unpack
from urllib.parse import quote, urlencode

from conflict_claims import downloads, records
from conflict_claims.errors import ExportFailed
from conflict_claims.reading import Id, Reading
from conflict_claims.transport import plain

POLL = 2.0  # seconds between looks at an export that is being made


class Fetching(Reading):
    """Files are there whole, or not at all: they are written beside their place first. The ending
    of a file's name says in which format (csv, ndjson, geojson, xlsx, parquet)."""

    def save_table(self, table: str, target: str | Path, **filters: Any) -> Path:
        """A table (`claims`, `town-days`, `control-changes`, `statuses`) that is made while it is
        sent: for what is not large."""
        path = Path(target)
        address = f"exports/{quote(table, safe='')}{path.suffix}"
        return downloads.fetch_made(self._transport, address, filters, path)

    def export(
        self,
        table: str,
        target: str | Path,
        *,
        on_progress: Callable[[records.Export], object] | None = None,
        **filters: Any,
    ) -> Path:
        """A table of any size: a worker makes the file, as the rows stand at one moment; it is
        waited for, and fetched. `on_progress` is called with each look at it. Raises
        ExportFailed."""
        path = Path(target)
        query = urlencode(plain(filters), doseq=True)
        asked = {"table": table, "format": path.suffix.removeprefix("."), "query": query}
        job: records.Export = self._transport.post("exports/", asked)
        while job["state"] in ("waiting", "running"):
            self._transport.sleep(POLL)
            job = self.export_made(job["id"])
            if on_progress is not None:
                on_progress(job)
        if job["file"] is None:
            raise ExportFailed(f"{table}: {job['state']}. {job['error']}".rstrip())
        return self.download(job["file"], path)

    def exports(self) -> Iterator[records.Export]:
        """Your exports, the latest first; those that are done have a `file` to download."""
        return self._all("exports/")

    def export_made(self, id_: Id) -> records.Export:
        return self._one(records.Export, "exports", id_)

    def releases(
        self, **filters: Unpack[records.ReleasesListParameters]
    ) -> Iterator[records.Release]:
        """Releases, the latest first; each names its files."""
        return self._all("releases/", filters)

    def release(self, number: int) -> records.Release:
        return self._one(records.Release, "releases", str(number))

    def download(self, address: str, target: str | Path) -> Path:
        """A file that the server keeps (of an export, of a release), by the address that the API
        gave. Cut off, the next call goes on; its digest is checked."""
        return downloads.fetch_kept(self._transport, self._transport.of(address), Path(target))
