"""The pages of exports and releases: what can be asked for, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.exports.writing import FORMATS, TABLES
from claims.models import Export, Release
from claims.releases.texts import LICENCE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 4000  # characters of a filter
OWN = ("table", "format")  # parameters of the page itself: all others are the filter
TABLE_NAMES: Mapping[str, StrOrPromise] = {
    "claims": _("Claims: who says what about who holds a town"),
    "town-days": _("Towns day by day: who holds each, by its status"),
    "control-changes": _("Changes of control: captures, in ACLED’s columns"),
    "statuses": _("Statuses: each with its days and the claims that decide it"),
}
FORMAT_NAMES: Mapping[str, StrOrPromise] = {
    "csv": _("CSV: for any program"),
    "ndjson": _("NDJSON: a JSON object a line"),
    "geojson": _("GeoJSON: for maps"),
    "xlsx": _("XLSX: for Excel and LibreOffice"),
    "parquet": _("Parquet: for large analyses"),
}
# A job's states in words.
STATES: Mapping[str, StrOrPromise] = {
    "waiting": _("waiting for a worker"),
    "running": _("being made"),
    "done": _("done"),
    "failed": _("failed"),
    "expired": _("expired: its file is gone"),
    "published": _("published"),
}


class ExportForm(forms.Form):
    """Which table, in which format, narrowed by which filter."""

    table = forms.ChoiceField(label=_("Table"))
    format = forms.ChoiceField(label=_("Format"))
    query = forms.CharField(
        label=_("Filter, as in the address of a list of claims"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={
                "placeholder": "conflict=ukraine&state=verified",
                "autocomplete": "off",
                "spellcheck": "false",
                "aria-describedby": "query-help",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, known, words in (
            ("table", TABLES, TABLE_NAMES),
            ("format", FORMATS, FORMAT_NAMES),
        ):
            choices = [(one, words.get(one, one)) for one in known]
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)

    def clean_query(self) -> str:
        return without_page(self.cleaned_data["query"].strip().removeprefix("?"))


def without_page(query: str) -> str:
    """A filter as the address of a list had it, without the page that was looked at."""
    given = QueryDict(query, mutable=True)
    if "page" not in given:
        return query
    del given["page"]
    return given.urlencode()


def asked_by(given: QueryDict) -> dict[str, str]:
    """What the page's own address asks for: a table, a format, and a filter in all the rest."""
    rest = given.copy()
    for name in (*OWN, "page"):
        rest.pop(name, None)
    # Empty fields of the form that the address comes from ask for nothing.
    for name, values in list(rest.lists()):
        rest.setlist(name, [value for value in values if value])
    return {
        "table": given.get("table", "claims"),
        "format": given.get("format", "csv"),
        "query": rest.urlencode(),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A job as it is shown. `stamp` changes whenever what is shown does."""

    job: Export | Release
    state: str
    error: str
    title: StrOrPromise = ""

    @property
    def open(self) -> bool:
        return self.job.state in Export.OPEN

    @property
    def stamp(self) -> str:
        return f"{self.job.state}-{self.job.attempts}-{self.job.rows_done}"


def row_of(job: Export | Release) -> Row:
    state = STATES[job.state]
    if job.state == "waiting" and job.attempts:
        state = _("waiting to be tried again")
    title = TABLE_NAMES.get(job.table, job.table) if isinstance(job, Export) else ""
    return Row(job, str(state), job.error_in_words, str(title).partition(":")[0])


def rows_of(found: Iterable[Export]) -> list[Row]:
    return [row_of(job) for job in found]


class ReleaseForm(forms.ModelForm):
    class Meta:
        model = Release
        fields = ("title", "notes", "licence")
        labels = {
            "title": _("Title"),
            "notes": _("Notes, for its README"),
            "licence": _("Licence text"),
        }
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 4}),
            "licence": forms.Textarea(attrs={"rows": 12}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": {"licence": LICENCE}, **kwargs})
