"""Conflicts, actors and places for editors. What is saved here is marked as edited, so that no
load of a pack or gazetteer touches it again."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, BaseModelForm, BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone

from entities.folding import fold
from entities.models import (
    Actor,
    ActorName,
    Allegiance,
    Conflict,
    Load,
    Place,
    PlaceName,
    Side,
    Speaker,
)


class EditedAdmin(admin.ModelAdmin):
    """Rows that loads keep off once they were saved here, and that nobody deletes."""

    readonly_fields = ["edited"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Model, form: BaseModelForm, change: bool
    ) -> None:
        if isinstance(obj, Actor | Conflict | Place):
            obj.edited = True
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: BaseModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, ActorName | PlaceName):
                row.folded = fold(row.name)
            if isinstance(row, Side):
                row.edited = True
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    def save_related(
        self,
        request: HttpRequest,
        form: BaseModelForm,
        formsets: list[BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        row = form.instance
        if isinstance(row, Actor | Place):
            # A row is found by its names: the one that it is shown by is among them.
            row.names.get_or_create(name=row.name, defaults={"folded": fold(row.name)})
        # Workers read the names again when a load is newer than the one they know.
        Load.objects.update_or_create(
            source="editors", defaults={"digest": timezone.now().isoformat()}
        )


class NamedAdmin(EditedAdmin):
    search_fields = ["names__folded"]
    search_help_text = "Part of a name in any spelling and script."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, fold(search_term))


class LabelledRows(BaseInlineFormSet):
    """Rows of a table whose inputs say their column, which Django leaves to the table's head."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            label = field.label or name.replace("_", " ").capitalize()
            # Django wraps a relation's widget in buttons; the attributes are the inner one's.
            wrapped = isinstance(field.widget, RelatedFieldWidgetWrapper)
            widget = field.widget.widget if wrapped else field.widget
            widget.attrs.setdefault("aria-label", str(label))


class TableInline(admin.TabularInline):
    formset = LabelledRows
    extra = 0


class SideInline(TableInline):
    model = Side
    fields = ["key", "name", "colour", "order", "edited"]
    readonly_fields = ["edited"]
    can_delete = False


class ActorNameInline(TableInline):
    model = ActorName
    fields = ["name", "kind", "order"]


class AllegianceInline(TableInline):
    model = Allegiance


class SpeakerInline(TableInline):
    model = Speaker


class PlaceNameInline(TableInline):
    model = PlaceName
    fields = ["name", "order"]


@admin.register(Conflict)
class ConflictAdmin(EditedAdmin):
    list_display = ["name", "slug", "edited"]
    search_fields = ["name"]
    inlines = [SideInline]


@admin.register(Actor)
class ActorAdmin(NamedAdmin):
    list_display = ["name", "kind", "official", "parent", "provisional", "edited"]
    list_filter = ["provisional", "official", "kind", "allegiances__side", "edited"]
    list_select_related = ["parent"]
    inlines = [ActorNameInline, AllegianceInline, SpeakerInline]


@admin.register(Place)
class PlaceAdmin(NamedAdmin):
    list_display = ["name", "admin1", "country", "conflict", "population", "provisional", "edited"]
    list_filter = ["provisional", "conflict", "country", "edited"]
    list_select_related = ["conflict"]
    readonly_fields = ["short_id", "edited"]
    inlines = [PlaceNameInline]
