"""Reader of GeoNames' country dumps: tab-separated text, or the zip that it comes in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from entities.gazetteer.spelling import spellings
from entities.lexicon import Place
from entities.places import Admin1, GazetteerPlace, read_admin1

COLUMNS = 19
# Sections of a town and places that are no more are not towns of their own.
_NOT_TOWNS = frozenset({"PPLX", "PPLH", "PPLCH"})


class GeonamesError(ValueError):
    """A dump that cannot be read, said as "UA.txt:12: reason"."""


def read_geonames(path: Path) -> Iterator[GazetteerPlace]:
    """The populated places of a dump, in its order.

    Raises:
        GeonamesError: at the first line that is not one of a dump, or for a wrong zip.
        OSError: where the file cannot be read.
    """
    admin1 = read_admin1()
    with _opened(path) as file:
        number = 0  # of the last line that was read
        try:
            for line in file:
                number += 1
                entry = _read_line(line.rstrip("\n").split("\t"), admin1)
                if entry:
                    yield entry
        except UnicodeDecodeError:
            raise GeonamesError(f"{path}:{number + 1}: is not UTF-8 text") from None
        except ValueError as error:
            raise GeonamesError(f"{path}:{number}: {error}") from None


def _read_line(fields: list[str], admin1: dict[str, Admin1]) -> GazetteerPlace | None:
    if len(fields) != COLUMNS:
        raise ValueError(f"expected {COLUMNS} columns, found {len(fields)}")
    geonameid, name, _, alternates, latitude, longitude, kind, code, country = fields[:9]
    if kind != "P" or code in _NOT_TOWNS:
        return None
    names = spellings(country, name, alternates.split(",") if alternates else [])
    region = f"{country}.{fields[10]}"
    division = admin1.get(region)
    place = Place(
        key=f"gn-{int(geonameid)}",
        name=names[0],
        names=names,
        country=country,
        admin1=division.name if division else "",
        admin1_names=division.names if division else (),
        latitude=float(latitude),
        longitude=float(longitude),
        population=int(fields[14] or 0),
        geonameid=int(geonameid),
    )
    return GazetteerPlace(place, region)


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8", newline="\n") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        dumps = [name for name in archive.namelist() if name != "readme.txt"]
        if len(dumps) != 1:
            raise GeonamesError(f"{path}:1: expected one dump in the zip, found {len(dumps)}")
        with archive.open(dumps[0]) as member:
            yield io.TextIOWrapper(member, encoding="utf-8", newline="\n")
