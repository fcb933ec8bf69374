"""Fields of forms as markup.

The list of claims has dozens of them. By Django's templates, one for a label and several for each
input, they took as long as its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape

from claims.drawing.svg import Markup


def field(shown: BoundField) -> Markup:
    """A field with its label and what is wrong with it."""
    errors = shown.errors
    wrong = " wrong" if errors else ""
    told = "".join(
        f'<span class="error" id="{_text(shown.auto_id)}_error">{_text(error)}</span>'
        for error in errors
    )
    return Markup(f'<p class="field{wrong}">{shown.label_tag()} {shown}{told}</p>')


def boxes(shown: BoundField) -> Markup:
    """A field of several choices, each with a box to tick, and what is wrong with it."""
    choices = "".join(
        f"<label>{box.tag()} {conditional_escape(box.choice_label)}</label>" for box in shown
    )
    told = "".join(f'<span class="error">{_text(error)}</span>' for error in shown.errors)
    legend = conditional_escape(shown.label)
    return Markup(
        f'<fieldset class="boxes">\n<legend>{legend}</legend>\n{choices}\n{told}\n</fieldset>'
    )


class Renderer(DjangoTemplates):
    """Django's own, but for what there are many of, which it builds as text: the same markup."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        built = _BUILT.get(template_name)
        return super().render(template_name, context, request) if built is None else built(context)


Built = Callable[[Mapping[str, Any]], str]
Widget = Mapping[str, Any]


def _text(value: object) -> str:
    return conditional_escape(str(value))


def _attributes(given: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in given.items()
        if value is not False
    )


def _label(context: Mapping[str, Any]) -> str:
    label, tag = conditional_escape(context["label"]), context["tag"]
    if not context["use_tag"]:
        return label
    return f"<{tag}{_attributes(context['attrs'] or {})}>{label}</{tag}>"


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_text(value)}"'
    name = _text(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{given}{_attributes(widget["attrs"])}>'


def _box(widget: Widget) -> str:
    """One of several choices."""
    if not widget["wrap_label"]:
        return _input(widget)
    of = widget["attrs"].get("id")
    opened = f'<label for="{_text(of)}">' if of else "<label>"
    return f"{opened}{_input(widget)} {conditional_escape(widget['label'])}</label>"


def _select(widget: Widget) -> str:
    groups = "".join(
        _group(name, "".join(map(_option, options))) for name, options, _ in widget["optgroups"]
    )
    name = _text(widget["name"])
    return f'<select name="{name}"{_attributes(widget["attrs"])}>{groups}</select>'


def _group(name: object, options: str) -> str:
    return f'<optgroup label="{_text(name)}">{options}</optgroup>' if name else options


def _option(option: Widget) -> str:
    label, value = conditional_escape(option["label"]), _text(option["value"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _of_widget(built: Callable[[Widget], str]) -> Built:
    return lambda context: built(context["widget"])


_BUILT: dict[str, Built] = {
    "django/forms/label.html": _label,
    "django/forms/widgets/checkbox_option.html": _of_widget(_box),
    "django/forms/widgets/select.html": _of_widget(_select),
    **{
        f"django/forms/widgets/{name}.html": _of_widget(_input)
        for name in ("input", "text", "number", "date", "hidden", "checkbox")
    },
}
