"""What an export is asked for: a filter as in an address, taken strictly."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import override

from claims.asking import ClaimsForm


class Refused(ValidationError):
    """Nothing is written. `field` is which of table, format and query it is about; `parameters`
    tells of a query what is wrong with it, by parameter. As a text, it says why in a sentence or
    two."""

    def __init__(
        self, field: str, why: str, parameters: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__({field: [why]})
        self.why = why
        self.parameters = parameters or {}

    def __str__(self) -> str:
        return self.why


def asked(form_class: type[ClaimsForm], query: str) -> dict[str, Any]:
    """What a filter asks for. Raises `Refused` for parameters that there are not, for those that
    are given twice though they take one value, and for values that mean nothing."""
    given = QueryDict(query.removeprefix("?"))
    form = form_class(given)
    known = form.fields
    wrong: dict[str, list[str]] = {
        name: [f"there is no such parameter. Valid are: {', '.join(sorted(known))}."]
        for name in given
        if name not in known
    }
    wrong |= {
        name: ["given more than once."]
        for name, values in given.lists()
        if name in known
        and len(values) > 1
        and not isinstance(known[name], forms.MultipleChoiceField)
    }
    with override("en-gb"):
        if not form.is_valid():
            wrong |= {name: [str(one) for one in told] for name, told in form.errors.items()}
    if wrong:
        told = " ".join(f"{name}: {' '.join(why)}" for name, why in wrong.items())
        raise Refused("query", told, wrong)
    return form.asked
