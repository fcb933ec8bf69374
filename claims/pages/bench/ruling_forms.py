"""The forms in which an editor says what a name is: one for each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import NameKind
from claims.models import NameDecision
from claims.names import ruling as naming
from claims.names.inbox import NameUse
from claims.names.known import Known, begin_with, meant
from claims.names.ruling import Ruled
from claims.pages.bench.names import KINDS, KnownShown, known_shown
from entities.countries import countries
from entities.models import Actor, Conflict, Place, Side

if TYPE_CHECKING:
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

Outcome = NameDecision.Outcome
_NOBODY = _("Nobody that is known is called “%(name)s”.")
_NOWHERE = _("No place that is known is called “%(name)s”.")
_SEVERAL = _("“%(name)s” may mean any of these:")
_MISSING = _("Type a name.")


def _text(label: StrOrPromise, longest: int = 200) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _degrees(label: StrOrPromise, most: int) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=-most,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "any", "autocomplete": "off"}),
    )


class RulingForm(forms.Form):
    """What `name` is, of which `use` says where it stands. Names of known ones are typed in any
    spelling (`TYPED`: field → kind); `choices` holds what may be meant where that is open."""

    TYPED: dict[str, NameKind] = {}

    def __init__(self, *args: Any, name: str, use: NameUse, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.name, self.use = name, use
        self.choices: dict[str, list[KnownShown]] = {}
        for field, kind in self.TYPED.items():
            self.fields[field].widget.attrs["data-names"] = kind

    def rule(self, *, by: User) -> Ruled:
        """Raises ValidationError as the services do."""
        raise NotImplementedError

    @property
    def war(self) -> UUID | None:
        """The conflict whose actors and towns are meant first."""
        return next(iter(self.use.conflicts)) if len(self.use.conflicts) == 1 else None

    def conflicts(self) -> set[UUID | None]:
        """Those that the ruling touches besides the ones in which the name is used."""
        return set()

    def known(self, field: str, *, needed: bool) -> Any:
        """The row that a typed name means, as a cleaning method returns it."""
        kind = self.TYPED[field]
        typed = " ".join(self.cleaned_data[field].split())
        chosen, chosen_for = (self.data.get(f"{field}_{what}", "") for what in ("id", "for"))
        if chosen and (not typed or chosen_for == typed):
            return self._row(kind, chosen)
        if not typed:
            if needed:
                raise forms.ValidationError(_MISSING)
            return None
        found = _accepted(meant(kind, typed, conflict=self.war))
        if len(found) == 1:
            return found[0].row
        offered = found or _accepted(begin_with(kind, typed, conflict=self.war))
        self.choices[field] = [known_shown(kind, one) for one in offered]
        unknown = _NOBODY if kind == "actor" else _NOWHERE
        raise forms.ValidationError((_SEVERAL if found else unknown) % {"name": typed})

    def _row(self, kind: NameKind, id_: str) -> Actor | Place:
        model = Place if kind == "place" else Actor
        try:
            return model._default_manager.get(pk=id_)
        except (ValueError, forms.ValidationError, Actor.DoesNotExist, Place.DoesNotExist):
            raise forms.ValidationError(_MISSING) from None


def _accepted(found: list[Known[Any]]) -> list[Known[Any]]:
    return [one for one in found if not one.row.provisional]


class NewActorForm(RulingForm):
    TYPED = {"parent": "actor"}

    called = _text(_("Shown as"))
    actor_kind = forms.ChoiceField(label=_("Kind"))
    official = forms.BooleanField(
        label=_("official: its word can concede a town for its side"), required=False
    )
    side = forms.ModelChoiceField(
        Side.objects.select_related("conflict").order_by("conflict__name", "order"),
        label=_("Side"),
        required=False,
        empty_label=_("on no side"),
    )
    parent = _text(_("Part of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = next((one for one in self.use.rows if isinstance(one, Actor)), None)
        self.fields["actor_kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[("", _("choose …")), *KINDS.items()]
        )
        sides: Any = self.fields["side"]
        sides.label_from_instance = lambda side: f"{side.conflict}: {side}"
        self.initial = {"called": self.name, **self.initial}
        if row is not None:
            self.initial |= {
                "actor_kind": row.kind,
                "official": row.official,
                "side": next((one.side_id for one in row.allegiances.all()), None),
                "parent": row.parent.name if row.parent and not row.parent.provisional else "",
            }

    def clean_parent(self) -> Actor | None:
        parent: Actor | None = self.known("parent", needed=False)
        return parent

    def conflicts(self) -> set[UUID | None]:
        side: Side | None = self.cleaned_data["side"]
        return {side.conflict_id} if side else set()

    def rule(self, *, by: User) -> Ruled:
        given = self.cleaned_data
        return naming.accept_actor(
            name=self.name,
            kind=given["actor_kind"],
            called=given["called"],
            official=given["official"],
            side=given["side"],
            parent=given["parent"],
            by=by,
        )


class NewPlaceForm(RulingForm):
    called = _text(_("Shown as"))
    conflict = forms.ModelChoiceField(
        Conflict.objects.all(), label=_("Conflict"), required=False, empty_label=_("in no conflict")
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            required=False,
            choices=[
                ("", _("not known")),
                *sorted(((one.code, one.name) for one in countries()), key=lambda pair: pair[1]),
            ],
        )
        self.initial = {"called": self.name, "conflict": self.war, **self.initial}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and (given["latitude"] is None) != (given["longitude"] is None):
            missing = "latitude" if given["latitude"] is None else "longitude"
            self.add_error(missing, _("Latitude and longitude go together."))
        return given

    def conflicts(self) -> set[UUID | None]:
        war: Conflict | None = self.cleaned_data["conflict"]
        return {war.pk if war else None}

    def rule(self, *, by: User) -> Ruled:
        given = self.cleaned_data
        return naming.accept_place(
            name=self.name,
            called=given["called"],
            conflict=given["conflict"],
            country=given["country"],
            latitude=given["latitude"],
            longitude=given["longitude"],
            by=by,
        )


class AliasForm(RulingForm):
    alias_of = _text(_("Another name of"))

    def __init__(self, *args: Any, use: NameUse, **kwargs: Any) -> None:
        self.TYPED = {"alias_of": use.kind}
        super().__init__(*args, use=use, **kwargs)

    def clean_alias_of(self) -> Actor | Place:
        row: Actor | Place = self.known("alias_of", needed=True)
        return row

    def conflicts(self) -> set[UUID | None]:
        return _wars_of(self.cleaned_data["alias_of"], self.use)

    def rule(self, *, by: User) -> Ruled:
        return naming.accept_alias(name=self.name, of=self.cleaned_data["alias_of"], by=by)


class SpeakerForm(RulingForm):
    TYPED = {"speaker_of": "actor"}

    speaker_of = _text(_("Speaks for"))
    role = _text(_("As"))

    def clean_speaker_of(self) -> Actor:
        row: Actor = self.known("speaker_of", needed=True)
        return row

    def conflicts(self) -> set[UUID | None]:
        return _wars_of(self.cleaned_data["speaker_of"], self.use)

    def rule(self, *, by: User) -> Ruled:
        given = self.cleaned_data
        return naming.accept_speaker(
            name=self.name, of=given["speaker_of"], role=given["role"], by=by
        )


class IgnoreForm(RulingForm):
    def rule(self, *, by: User) -> Ruled:
        return naming.ignore(kind=self.use.kind, name=self.name, by=by)


def _wars_of(row: Actor | Place, use: NameUse) -> set[UUID | None]:
    """The conflicts whose names change with it. Of an actor, its wars only where the name is used
    in none of them: many have a side in several."""
    if isinstance(row, Place):
        return {row.conflict_id}
    wars = Conflict.objects.filter(sides__allegiances__actor=row).values_list("pk", flat=True)
    return set() if use.conflicts & set(wars) else set(wars)


def ruling_forms(name: str, use: NameUse, speaks_for: str = "") -> dict[str, RulingForm]:
    """Empty ones, by what the name would be."""
    forms_: dict[str, RulingForm] = {
        Outcome.NEW: FORMS[use.kind, Outcome.NEW](name=name, use=use),
        Outcome.ALIAS: AliasForm(name=name, use=use),
    }
    if use.kind == "actor":
        forms_[Outcome.SPEAKER] = SpeakerForm(
            name=name, use=use, initial={"speaker_of": speaks_for}
        )
    return forms_


FORMS: dict[tuple[str, str], type[RulingForm]] = {
    ("actor", Outcome.NEW): NewActorForm,
    ("place", Outcome.NEW): NewPlaceForm,
    ("actor", Outcome.ALIAS): AliasForm,
    ("place", Outcome.ALIAS): AliasForm,
    ("actor", Outcome.SPEAKER): SpeakerForm,
    ("actor", Outcome.IGNORE): IgnoreForm,
    ("place", Outcome.IGNORE): IgnoreForm,
}
