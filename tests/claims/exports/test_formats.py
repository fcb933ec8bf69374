"""Files as their readers find them: by the standards, by pandas and by geopandas."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import geopandas
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import (  # type: ignore[import-untyped]  # comes without types
    Draft202012Validator,
)

from claims.exports.columns import Asked, Column, Kind, Table
from claims.exports.content import About, Content
from claims.exports.formats import FORMATS, parquet, xlsx
from claims.exports.formats.csv import guarded, plain
from claims.exports.tables.towns import TownsForm
from tests.claims.exports.reading import SITE, lines, objects, written
from tests.factories import make_actor, make_claim, make_document, make_place
from tests.scenes import soledar

HOSTILE = "=cmd|' /C calc'!A1"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GEOJSON = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "bbox": {"$ref": "#/$defs/box"},
        "features": {"type": "array", "items": {"$ref": "#/$defs/feature"}},
    },
    "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "geometry", "crs")]},
    "$defs": {
        "box": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
        "feature": {
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
                "type": {"const": "Feature"},
                "id": {"type": ["string", "number"]},
                "properties": {"type": "object"},
                "geometry": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/point"}]},
            },
            "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "features", "crs")]},
        },
        "point": {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"const": "Point"},
                "coordinates": {
                    "type": "array",
                    "prefixItems": [
                        {"type": "number", "minimum": -180, "maximum": 180},
                        {"type": "number", "minimum": -90, "maximum": 90},
                    ],
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
        },
    },
}


def table_of(kind: Kind, *values: Any) -> Table:
    """A table of one column with these values, at a town each."""

    def items(asked: Asked, site: str) -> Iterator[Any]:
        yield from values

    return Table(
        name="made-up",
        meaning="Made up.",
        columns=(
            Column("value", kind, "A value.", lambda value: value),
            Column("latitude", "number", "The town's.", lambda value: 48.5),
            Column("longitude", "number", "The town's.", lambda value: -7.25),
        ),
        form=TownsForm,
        items=items,
        count=lambda asked: len(values),
        key="",
    )


def encoded(format: str, table: Table) -> bytes:
    content = Content(table, {}, About(SITE, "stance=denies", AT, "Yours."))
    return b"".join(FORMATS[format].encode(content))


# CSV


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (HOSTILE, "'=cmd|'' /C calc'!A1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("a\n- b", "a\n'- b"),
        ("'a", "''a"),
        ("a, 'b'", "a, 'b'"),
        ("1 = 1, well-known", "1 = 1, well-known"),
        ("", ""),
    ],
)
def test_no_text_begins_a_formula(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert plain(cell) == text


@given(some.text(alphabet="=+-@'\t\r\n;,|＝a \"", max_size=12))
def test_what_is_guarded_is_got_back(text: str) -> None:
    cell = guarded(text)
    assert plain(cell) == text
    assert not re.search(r"(^|[;,|\t\r\n])[=+\-@＝＋－＠]", cell)


@given(some.lists(some.none() | some.text(alphabet="=-'\t\r\n;,|＝a \"", max_size=6), max_size=6))
def test_cells_are_quoted_as_readers_expect(texts: list[str | None]) -> None:
    expected = io.StringIO(newline="")
    writer = csv.writer(expected, lineterminator="\r\n")
    writer.writerow(["value", "latitude", "longitude"])
    writer.writerows([guarded(text or ""), "48.5", "-7.25"] for text in texts)
    assert encoded("csv", table_of("text", *texts)).decode() == expected.getvalue()


def test_values_of_csv() -> None:
    zone = timezone(timedelta(hours=2))
    for kind, value, cell in (
        ("flag", True, "true"),
        ("flag", False, "false"),
        ("day", date(2023, 1, 11), "2023-01-11"),
        ("time", datetime(2023, 1, 11, 1, 30, tzinfo=zone), "2023-01-10T23:30:00Z"),
        ("number", -7.25, "-7.25"),
        ("integer", -3, "-3"),
        ("texts", ["a", 'b"c'], '["a","b\\"c"]'),
        ("text", None, ""),
        ("text", 'say "it", then\nleave', 'say "it", then\nleave'),
    ):
        data = encoded("csv", table_of(kind, value))  # type: ignore[arg-type]
        rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
        assert rows == [["value", "latitude", "longitude"], [cell, "48.5", "-7.25"]]


def test_csv_is_as_rfc_4180_has_it() -> None:
    data = encoded("csv", table_of("text", 'a"b', "c,d", "e\nf", "g"))
    assert data == (
        b'value,latitude,longitude\r\n"a""b",48.5,-7.25\r\n"c,d",48.5,-7.25\r\n'
        b'"e\nf",48.5,-7.25\r\ng,48.5,-7.25\r\n'
    )
    assert encoded("csv", table_of("text")) == b"value,latitude,longitude\r\n"


# XLSX


def sheet(data: bytes, number: int = 1) -> list[list[str]]:
    """The cells of a sheet, line by line, as an XML parser reads them."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    assert not list(root.iter(f"{space}f"))  # no formula
    return [
        ["".join(cell.itertext()) for cell in line.iter(f"{space}c")]
        for line in root.iter(f"{space}row")
    ]


def test_a_workbook_has_texts_and_no_formulas() -> None:
    data = encoded("xlsx", table_of("text", HOSTILE, "https://a.example/", "12", "a\ufffeb"))
    assert [line[0] for line in sheet(data)] == [
        *("value", HOSTILE, "https://a.example/", "12", "a\ufffdb"),
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert not [name for name in book.namelist() if "rels" in name and "sheet" in name]


def test_what_a_cell_cannot_hold_is_cut_visibly() -> None:
    [_, long] = sheet(encoded("xlsx", table_of("text", "a" * 40_000)))
    assert long[0] == "a" * 32_766 + "…"
    [_, several] = sheet(encoded("xlsx", table_of("texts", ["a", "=b"])))
    assert several[0] == "a\n=b"


def test_days_of_a_workbook_are_days() -> None:
    [_, day] = sheet(encoded("xlsx", table_of("day", date(2023, 1, 11))))
    assert day[0] == "44937"  # days since 1900
    [_, early] = sheet(encoded("xlsx", table_of("day", date(1899, 1, 11))))
    assert early[0] == "1899-01-11"
    [_, time] = sheet(encoded("xlsx", table_of("time", datetime(2023, 1, 11, 12, tzinfo=UTC))))
    assert time[0] == "44937.5"
    [_, flag] = sheet(encoded("xlsx", table_of("flag", True)))
    assert flag[0] == "1"


def test_a_workbook_says_what_it_is() -> None:
    told = sheet(encoded("xlsx", table_of("text", "a")), 2)
    assert told[:6] == [
        ["title", "made-up"],
        ["description", "Made up."],
        ["source", SITE],
        ["filter", "stance=denies"],
        ["generated_at", "2026-11-22T12:00:00Z"],
        ["licence", "Yours."],
    ]
    assert [cell for cell in told[7] if cell][:2] == ["value", "A value."]


# GeoJSON


def test_geojson_is_as_rfc_7946_has_it() -> None:
    found = json.loads(encoded("geojson", table_of("text", "a", "b")))
    Draft202012Validator(GEOJSON).validate(found)
    assert found["features"][0] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-7.25, 48.5]},  # longitude first
        "properties": {"value": "a"},
    }
    assert found["bbox"] == [-7.25, 48.5, -7.25, 48.5]
    assert found["about"]["licence"] == "Yours."
    none = json.loads(encoded("geojson", table_of("text")))
    Draft202012Validator(GEOJSON).validate(none)
    assert none["features"] == []
    assert "bbox" not in none


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["claims", "town-days", "control-changes", "statuses"])
def test_towns_without_coordinates_have_no_geometry(table: str) -> None:
    soledar()
    unknown = make_place("Exampleville", latitude=None, longitude=None)
    make_claim(place=unknown)
    data = written(table, "geojson")
    found = json.loads(data)
    Draft202012Validator(GEOJSON).validate(found)
    there = {feature["geometry"] is None for feature in found["features"]}
    assert there == ({False} if table == "statuses" else {True, False})
    assert found["bbox"] == [38.09, 48.68, 38.09, 48.68]
    frame = geopandas.read_file(io.BytesIO(data))
    assert len(frame) == len(found["features"])
    assert frame.crs.to_epsg() == 4326
    points = [point for point in frame.geometry if point is not None]
    assert {(point.x, point.y) for point in points} == {(38.09, 48.68)}
    if table == "claims":
        assert sorted(frame["label"]) == sorted(row["label"] for row in lines("claims"))


# Parquet, NDJSON, and what pandas makes of all


@pytest.mark.django_db
def test_parquet_is_typed() -> None:
    soledar()
    file = pq.ParquetFile(io.BytesIO(written("claims", "parquet", "include_pending=false")))
    types = {field.name: field.type for field in file.schema_arrow}
    assert types["asserted_on"] == pa.date32()
    assert types["published"] == pa.timestamp("us", tz="UTC")
    assert types["stance"] == pa.dictionary(pa.int32(), pa.string())
    assert types["evidence"] == pa.list_(pa.string())
    assert types["place_ambiguous"] == pa.bool_()
    assert types["confidence"] == pa.float64()
    told = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    assert told["source"] == SITE
    assert told["filter"] == "include_pending=false"
    assert "GeoNames, CC BY 4.0" in told["licence"]
    assert datetime.fromisoformat(told["generated_at"]).tzinfo == UTC
    described = file.schema_arrow.field("stance").metadata[b"description"].decode()
    assert described == ("How the claimant stands to what is said. asserts, denies, unconfirmed")


def test_parquet_comes_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 2)
    data = encoded("parquet", table_of("word", "a", None, "b", "a", "c"))
    file = pq.ParquetFile(io.BytesIO(data))
    assert file.metadata.num_row_groups == 3
    assert file.read().column("value").to_pylist() == ["a", None, "b", "a", "c"]
    assert pq.read_table(io.BytesIO(encoded("parquet", table_of("text")))).num_rows == 0


def test_media_types() -> None:
    assert {name: one.media_type.partition(";")[0] for name, one in FORMATS.items()} == {
        "csv": "text/csv",
        "ndjson": "application/x-ndjson",
        "geojson": "application/geo+json",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "parquet": "application/vnd.apache.parquet",
    }
    assert FORMATS["xlsx"].most_rows == xlsx.MOST_ROWS == 2**20 - 1


@pytest.mark.django_db
def test_all_formats_say_the_same() -> None:
    """By pandas, of a claim whose words are as hostile as they can be."""
    soledar()
    text = f"{HOSTILE}\n=1+1;=2, “said” 'he'"
    document = make_document(text, title="-1, @home", url="https://courier.example/?a=1&b=2")
    claimant = make_actor("+Example", side="russia")
    make_claim(document=document, claimant=claimant, quote=text, speaker="=Nobody")
    by_csv = pandas.read_csv(io.BytesIO(written("claims", "csv")), dtype=str, keep_default_na=False)
    by_parquet = pandas.read_parquet(io.BytesIO(written("claims", "parquet")))
    by_ndjson = pandas.read_json(io.BytesIO(written("claims", "ndjson")), lines=True)
    assert len(by_csv) == len(by_parquet) == len(by_ndjson) == 9
    assert list(by_csv["id"]) == list(by_parquet["id"]) == list(by_ndjson["id"])
    for name in ("label", "speaker", "source_headline", "claimant"):
        assert list(by_csv[name].map(plain)) == list(by_parquet[name].fillna("").astype(str))
    assert "'=Nobody" in set(by_csv["speaker"])
    assert list(by_csv["asserted_on"]) == [str(day) for day in by_parquet["asserted_on"]]
    quotes = [json.loads(plain(cell)) for cell in by_csv["evidence"]]
    assert quotes == [list(quotes) for quotes in by_parquet["evidence"]]
    assert [text] in quotes
    assert quotes == [[one["quote"] for one in row] for row in by_ndjson["evidence"]]


@pytest.mark.django_db
def test_ndjson_of_claims_is_what_the_api_shows(client: Any) -> None:
    soledar()
    shown = {row["id"]: row for row in client.get("/api/v1/claims/").json()["results"]}
    told = {row["id"]: row for row in objects("claims")}
    assert set(told) == set(shown)
    for id_, row in told.items():
        ours = json.loads(json.dumps(row).replace(SITE, "http://testserver"))
        assert ours == {**ours, **shown[id_]}
