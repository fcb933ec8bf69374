"""How fast exports are written, in how much memory, and whether their readers can read them.

    DATABASE_URL=… .venv/bin/python -m benchmarks.exports [--claims 100000] [--formats csv] [--json]

Run it on a database that `benchmarks.world` has filled with as many claims or more (a million:
`benchmarks.world --claims 1000000`). The table `claims` is written in each format twice, each time
by a process of its own: a tenth of the claims, and all of them. `MB` is the most that each of
these processes held at once, `growth` the share by which the larger held more: memory is constant
where that is little. `rows/s` is that of the larger, with reading from the database, `/CPU s` that
for each second that the process itself was at work, which other work on the machine slows little;
`bare` how many rows a second the database alone hands over. The files are then read back: by
`csv`, line by line as JSON, by geopandas, and by pandas.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

SITE = "https://claims.example.org"
FORMATS = ("csv", "ndjson", "geojson", "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Written:
    """What one process says of the file that it wrote."""

    rows: int
    seconds: float
    cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A format's figures; `read`: how many rows a reader found in the file."""

    format: str
    rows: int
    per_second: float
    per_cpu: float
    small_mb: float
    large_mb: float
    file_mb: float
    read: int

    @property
    def growth(self) -> float:
        return self.large_mb / self.small_mb - 1


def write_one(format: str, most: int, path: Path) -> None:
    """In a process of its own: write the first claims, and print what it took."""
    import django

    django.setup()
    from claims.exports.writing import write

    query = _first(most)
    begun, cpu = time.perf_counter(), time.process_time()
    with path.open("wb") as out:
        rows = write(table="claims", format=format, query=query, out=out, site=SITE)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    sys.stdout.write(json.dumps(asdict(Written(rows, seconds, cpu, most_held()))))


def most_held() -> float:
    """The most megabytes that this process had in memory. Not `ru_maxrss`, which on Linux is at
    least what the parent had when it started this one."""
    told = Path("/proc/self/status").read_text()
    [line] = [line for line in told.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _first(most: int) -> str:
    """The filter that leaves about so many claims, in any state: those up to a day."""
    from claims.models import Claim

    days = Claim.objects.order_by("asserted_on").values_list("asserted_on", flat=True)
    states = "&".join(f"state={state}" for state in Claim.State.values)
    last = list(days[most - 1 : most])
    return f"{states}&asserted_to={last[0].isoformat()}" if last else states


def in_a_process(format: str, most: int, path: Path) -> Written:
    command = [sys.executable, "-m", "benchmarks.exports", "--one", format]
    command += ["--claims", str(most), "--to", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Written(**json.loads(done.stdout))


def measure(format: str, most: int, folder: Path) -> Measured:
    small = in_a_process(format, most // 10, folder / f"small.{format}")
    path = folder / f"large.{format}"
    large = in_a_process(format, most, path)
    read = READERS[format](path)
    if read != large.rows:
        raise SystemExit(f"{format}: {large.rows} rows were written, and {read} read")
    return Measured(
        format,
        large.rows,
        large.rows / large.seconds,
        large.rows / large.cpu,
        small.megabytes,
        large.megabytes,
        path.stat().st_size / 1e6,
        read,
    )


def read_csv(path: Path) -> int:
    """By `csv`, strictly, and by pandas."""
    import pandas

    with path.open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.reader(file, strict=True)) - 1
    by_pandas = sum(len(part) for part in pandas.read_csv(path, chunksize=20_000, dtype=str))
    return rows if rows == by_pandas else -1


def read_ndjson(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if json.loads(line)["id"])


def read_geojson(path: Path) -> int:
    """By geopandas, which must find WGS 84 and a valid geometry, or none, in each row."""
    import geopandas

    frame = geopandas.read_file(path)
    known = frame.geometry[frame.geometry.notna()]
    return len(frame) if frame.crs.to_epsg() == 4326 and known.is_valid.all() else -1


def read_xlsx(path: Path) -> int:
    with zipfile.ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as file:
        rows, rest = 0, b""
        while piece := file.read(1 << 20):
            data = rest + piece
            rows += data.count(b"<row ")
            rest = data[-4:]
    return rows - 1


def read_parquet(path: Path) -> int:
    import pandas

    return len(pandas.read_parquet(path, columns=["id", "asserted_on", "stance"]))


READERS: dict[str, Callable[[Path], int]] = {
    "csv": read_csv,
    "ndjson": read_ndjson,
    "geojson": read_geojson,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
}


def bare(most: int) -> float:
    """Rows a second of the claims alone, by the same cursor, with nothing made of them."""
    from claims.asking import ClaimsForm
    from claims.exports.asking import asked
    from claims.exports.columns import streamed
    from claims.exports.tables.claims import chosen
    from claims.records import claim_rows

    wanted = asked(ClaimsForm, _first(most))
    begun = time.perf_counter()
    rows = sum(1 for _ in streamed(claim_rows(chosen(wanted))))
    return rows / (time.perf_counter() - begun)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure exports.")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--one", choices=FORMATS, help=argparse.SUPPRESS)
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if given.one:
        write_one(given.one, given.claims, given.to)
        return 0
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(format, given.claims, Path(folder)) for format in given.formats]
    show(found, bare(given.claims), as_json=given.json)
    return 0


def show(found: list[Measured], alone: float, *, as_json: bool) -> None:
    if as_json:
        flat: dict[str, float] = {"bare_per_second": round(alone)}
        for one in found:
            flat[f"{one.format}_per_second"] = round(one.per_second)
            flat[f"{one.format}_mb"] = round(one.large_mb)
            flat[f"{one.format}_growth"] = round(one.growth, 3)
        flat["ratio"] = round(max(one.growth for one in found), 3)
        sys.stdout.write(f"{json.dumps(flat)}\n")
        return
    sys.stdout.write(f"{'':8} {'rows':>9} {'rows/s':>8} {'/CPU s':>8} {'MB, tenth':>10} {'MB':>6} ")
    sys.stdout.write(f"{'growth':>7} {'file MB':>8}\n")
    for one in found:
        sys.stdout.write(f"{one.format:8} {one.rows:>9,} {one.per_second:>8,.0f} ")
        sys.stdout.write(f"{one.per_cpu:>8,.0f} ")
        sys.stdout.write(f"{one.small_mb:>10.0f} {one.large_mb:>6.0f} {one.growth:>7.1%} ")
        sys.stdout.write(f"{one.file_mb:>8.1f}\n")
    sys.stdout.write(f"{'bare':8} {'':9} {alone:>8,.0f}\n")


if __name__ == "__main__":
    sys.exit(main())
