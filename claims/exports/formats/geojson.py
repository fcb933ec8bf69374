"""GeoJSON as RFC 7946 has it: a point for each row, longitude first."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import orjson

from claims.exports.columns import LATITUDE, LONGITUDE
from claims.exports.content import Content
from claims.exports.formats.format import PIECE, Format

OPTIONS = orjson.OPT_UTC_Z
PLACES = 7  # decimals of a degree: a centimetre


@dataclass(slots=True)
class Box:
    """What the points so far lie in."""

    west: float = 180.0
    south: float = 90.0
    east: float = -180.0
    north: float = -90.0

    def add(self, longitude: float, latitude: float) -> None:
        self.west, self.east = min(self.west, longitude), max(self.east, longitude)
        self.south, self.north = min(self.south, latitude), max(self.north, latitude)

    @property
    def empty(self) -> bool:
        return self.west > self.east


def encode(content: Content) -> Generator[bytes, None, None]:
    """The box stands last, since it is known then."""
    table, box = content.table, Box()
    piece = bytearray(b'{"type":"FeatureCollection","features":[')
    separator = b"\n"
    for row in content.rows():
        values = dict(zip(table.names, row, strict=True))
        piece += separator
        piece += orjson.dumps(_feature(values, table.key, box), option=OPTIONS)
        separator = b",\n"
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    piece += b"\n]"
    if not box.empty:
        piece += b',"bbox":' + orjson.dumps([box.west, box.south, box.east, box.north])
    piece += b',"about":' + orjson.dumps(content.about.told(table)) + b"}\n"
    yield bytes(piece)


def _feature(values: dict[str, Any], key: str, box: Box) -> dict[str, Any]:
    latitude, longitude = values.pop(LATITUDE), values.pop(LONGITUDE)
    geometry = None
    if latitude is not None and longitude is not None:
        at = [round(longitude, PLACES), round(latitude, PLACES)]
        box.add(*at)
        geometry = {"type": "Point", "coordinates": at}
    feature = {"type": "Feature", "geometry": geometry, "properties": values}
    return {"type": "Feature", "id": values[key], **feature} if key else feature


FORMAT = Format(
    name="geojson",
    title="GeoJSON",
    media_type="application/geo+json",
    meaning="RFC 7946: a FeatureCollection with a point in WGS 84 for each row, longitude first; "
    "null where the town's place is not known. The other columns are properties.",
    encode=encode,
)
