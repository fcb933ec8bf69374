"""What the addresses of pages may ask for. What is not understood is said, and left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.pages.field_markup import Renderer
from claims.pages.wording import RUN_STATES, SAID, STANCES, STATES, STATUS_WORDS
from claims.statements import Statement
from entities.models import Conflict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ONLY_PENDING = "only-pending"
HOME_SORTS = {
    "changed": _("latest change"),
    "claims": _("number of claims"),
    "name": _("name"),
}
CLAIM_SORTS = {
    "day": _("day, first to last"),
    "-day": _("day, last to first"),
    "who": _("who, A to Z"),
    "-who": _("who, Z to A"),
    "claim": _("claim, A to Z"),
    "-claim": _("claim, Z to A"),
    "quotation": _("quotation, A to Z"),
    "-quotation": _("quotation, Z to A"),
    "publisher": _("publisher, A to Z"),
    "-publisher": _("publisher, Z to A"),
    "state": _("state, A to Z"),
    "-state": _("state, Z to A"),
}
OTHERS = "others"


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)  # that a range may name


def day_field(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


def conflict_choices() -> list[tuple[str, str]]:
    """The short names and the names of all conflicts, in the order of the names. One query."""
    return [(slug, name) for slug, name in _CONFLICTS.rows()]


_CONFLICTS = Statement(lambda: Conflict.objects.values_list("slug", "name"))


class AskForm(forms.Form):
    """A form whose fields are all optional; `ask` has what was understood of each."""

    default_renderer = Renderer()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def ask(self) -> dict[str, Any]:
        self.is_valid()
        return {
            name: field.initial if (value := self.cleaned_data.get(name)) in (None, "") else value
            for name, field in self.fields.items()
        }


class HomeForm(AskForm):
    q = forms.CharField(label=_("Town, in any spelling"), max_length=100, required=False)
    conflict = forms.ChoiceField(required=False)  # of those in the database
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("any status")),
            *STATUS_WORDS.items(),
            (ONLY_PENDING, _("pending claims only")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sorted by"), required=False, initial="changed", choices=list(HOME_SORTS.items())
    )
    include_pending = forms.BooleanField(label=_("With pending claims"), required=False)
    on = day_field(_("On"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all conflicts")), *conflict_choices()]
        self.fields["conflict"] = forms.ChoiceField(required=False, choices=choices)


class MapForm(HomeForm):
    """`view` is where the map stands: latitude, longitude and zoom, with commas."""

    sort = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        initial="changed",
        choices=[(key, words) for key, words in HOME_SORTS.items() if key != "claims"],
    )
    view = forms.RegexField(
        r"^-?[0-8]?\d(\.\d{1,4})?,-?1?\d?\d(\.\d{1,4})?,1?\d$",
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("The map’s place is not understood: it shows all towns instead.")
        },
    )


class TownDaysForm(AskForm):
    """As known on which day a town is read, on which other day beside it, and by what was
    recorded by the end of which day (`as_of`)."""

    known_on = day_field(_("As known on"))
    as_of = day_field(_("As this site said on"))
    compare = day_field(_("Beside it, as known on"))


class TownForm(TownDaysForm):
    """`from` and `to` are fields too, though no attributes: one is a word of the language."""

    who = forms.ChoiceField(label=_("Who"), required=False)  # of the town's sides, once it is known
    predicate = forms.ChoiceField(
        required=False,
        choices=[("", _("any")), *SAID.items()],
    )
    stance = forms.ChoiceField(required=False, choices=[("", _("any")), *STANCES.items()])
    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("any")),
            ("verified", STATES["verified"]),
            (Claim.State.PENDING.value, STATES["pending"]),
        ],
    )

    sort = forms.ChoiceField(
        label=_("Sorted by"), required=False, initial="day", choices=list(CLAIM_SORTS.items())
    )

    def __init__(self, *args: Any, sides: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("From")), ("to", _("to"))):
            self.fields[name] = day_field(label)
        choices = [("", _("anybody")), *sides.items(), (OTHERS, _("others"))]
        self.fields["who"] = forms.ChoiceField(label=_("Who"), required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        first, last = asked.get("from"), asked.get("to")
        if first and last and last < first:
            self.add_error("to", _("The range must not end before it starts."))
            del asked["from"]
        return asked


class DocumentsForm(AskForm):
    q = forms.CharField(label=_("In the title"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("Extraction"),
        required=False,
        choices=[
            ("", _("any state")),
            *RUN_STATES.items(),
        ],
    )
