"""Forms that ask for a range of days, among other things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.pages.forms import AskForm, conflict_choices, day_field
from claims.pages.wording import STATUS_WORDS, day_in_words
from sources.models import Publisher

# What a range ends with where no last day is given.
NEWEST: dict[str, str | Promise] = {
    "claim": _("the day of the newest claim"),
    "document": _("the day of the newest document"),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Days from `first` to `last`; `last_is` says what day the last one is, if it was not asked
    for by itself."""

    first: date
    last: date
    last_is: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def words(self) -> str:
        """E.g. "19 January 2023 to 25 January 2023, the day of the newest claim: 7 days"."""
        last = day_in_words(self.last)
        if self.last_is:
            last = f"{last}, {self.last_is}"
        if self.days == 1:
            return last
        text = ngettext(
            "%(first)s to %(last)s: %(days)s day", "%(first)s to %(last)s: %(days)s days", self.days
        )
        return text % {"first": day_in_words(self.first), "last": last, "days": f"{self.days:,}"}


class RangeForm(AskForm):
    """`from` and `to` are fields, though no attributes: one is a word of the language. Without
    `from` the range is the last days of `period` up to `to`; without that, up to the day of
    what is newest."""

    PERIODS: dict[str, int] = {}
    DEFAULT = ""
    NEWEST = "claim"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"] = forms.ChoiceField(
            required=False,
            initial=self.DEFAULT,
            choices=[(name, name) for name in self.PERIODS],
            widget=forms.HiddenInput,
        )
        for name, label in (("from", _("From")), ("to", _("to"))):
            self.fields[name] = day_field(label)
        conflicts = self.conflicts()
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), required=False, choices=[("", _("all conflicts")), *conflicts]
        )

    def conflicts(self) -> list[tuple[str, str]]:
        """Those that can be chosen: their short names and their names."""
        return conflict_choices()

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        first, last = asked.get("from"), asked.get("to")
        if first and last and last < first:
            self.add_error("to", gettext("The range must not end before it starts."))
            del asked["from"]
        return asked

    def range(self, newest: date | None, today: date) -> Range:
        """The days that are asked for; `today` ends them where there is no claim at all."""
        ask = self.ask
        last = ask["to"] or max(newest or today, ask["from"] or date.min)
        first = ask["from"] or last - timedelta(days=self.PERIODS[ask["period"]] - 1)
        is_newest = last == newest and ask["to"] is None
        return Range(first, last, str(NEWEST[self.NEWEST]) if is_newest else "")


class ChangesForm(RangeForm):
    PERIODS = {"day": 1, "week": 7, "month": 30}
    DEFAULT = "week"

    status = forms.ChoiceField(
        label=_("Became"),
        required=False,
        choices=[("", _("any status")), *STATUS_WORDS.items()],
    )
    include_pending = forms.BooleanField(label=_("With pending claims"), required=False)


class CoverageForm(RangeForm):
    PERIODS = {"month": 30, "quarter": 91, "year": 364}
    DEFAULT = "month"
    NEWEST = "document"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Publisher.objects.order_by("name").values_list("name", flat=True)
        self.fields["publisher"] = forms.ChoiceField(
            label=_("Publisher"),
            required=False,
            choices=[("", _("all publishers")), *((name, name) for name in names)],
        )
