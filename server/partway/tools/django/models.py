"""The state of an app's models as its migrations make it, and what lies in the database by it.

Everything here is a value: an operation makes a new model in place of the old one, so that a state can be kept for each
migration of an app at the price of what it changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from partway.tools.django.fields import Field
from partway.tools.django.names import truncated

#: Apps that Django brings, by label, whose tables have integer keys of their own whatever DEFAULT_AUTO_FIELD says.
CONTRIB = frozenset(("admin", "auth", "contenttypes", "flatpages", "redirects", "sites"))


#: What Django's own setting names where a project says nothing.
SWAPPABLE = MappingProxyType({"AUTH_USER_MODEL": ("auth", "User")})
#: Their tables that are not called by Django's rule.
_TABLES = {
    ("contenttypes", "contenttype"): "django_content_type",
    ("sites", "site"): "django_site",
    ("admin", "logentry"): "django_admin_log",
    ("sessions", "session"): "django_session",
    ("flatpages", "flatpage"): "django_flatpage",
    ("redirects", "redirect"): "django_redirect",
}


class Key(NamedTuple):
    """An index or constraint that a table has in the database: "primary", "unique", "index", "foreign", "check",
    "implied" for an index that came with a foreign key, and
    "sequence" for what counts a column up.
    `name` is empty where nobody can tell it."""

    kind: str
    name: str
    columns: tuple[str, ...]


class Model(NamedTuple):
    """A model. `fields` are in order, by name; `options` are its Meta."""

    app: str
    name: str
    fields: Mapping[str, Field]
    options: Mapping[str, Any]

    @property
    def lower(self) -> str:
        """Its name as the state keeps it."""
        return self.name.lower()

    def table(self, limit: int) -> str:
        """Its table's name on a backend with this limit."""
        given = self.options.get("db_table")
        return str(given) if isinstance(given, str) and given else default_table(self.app, self.name, limit)

    @property
    def in_database(self) -> bool:
        """Whether operations on it reach the database."""
        return self.options.get("managed", True) is not False and self.options.get("proxy", False) is not True

    @property
    def pk(self) -> Field | None:
        """Its primary key, None where no field says that it is one."""
        return next((field for field in self.fields.values() if field.primary_key), None)

    def with_field(self, field: Field) -> Model:
        """The model with a field added or in the place of the one of that name."""
        return self._replace(fields={**self.fields, field.name: field})

    def with_options(self, **options: Any) -> Model:
        """The model with these options."""
        return self._replace(options={**self.options, **options})

    def columns(self) -> Iterator[Field]:
        """Its fields that have a column."""
        return (field for field in self.fields.values() if field.has_column)


class Part(NamedTuple):
    """What one app's migrations have made: its models by name in lower case, the keys of its tables by table, models'
    new names by their old ones, and which of its migrations have run, as bits."""

    models: dict[str, Model]
    keys: dict[str, tuple[Key, ...]]
    renamed: dict[str, str]
    applied: int

    def copy(self) -> Part:
        """A part of its own that can be changed."""
        return Part(dict(self.models), dict(self.keys), dict(self.renamed), self.applied)


def empty_part() -> Part:
    """An app before its first migration."""
    return Part({}, {}, {}, 0)


class State:
    """The models of all apps at one point. `change` before writing."""

    __slots__ = ("_own", "auto_fields", "limit", "parts", "swapped")

    def __init__(
        self,
        parts: dict[str, Part],
        limit: int,
        swapped: Mapping[str, tuple[str, str]],
        auto_fields: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.parts = parts
        self.limit = limit  # of names, on this backend
        self.swapped = swapped  # the models that settings such as AUTH_USER_MODEL name
        self.auto_fields = auto_fields  # by app
        self._own: set[str] = set()

    def copy(self) -> State:
        """The same state, to be changed."""
        return State(dict(self.parts), self.limit, self.swapped, self.auto_fields)

    def change(self, app: str) -> Part:
        """An app's part, which may be written to."""
        if app not in self._own:
            known = self.parts.get(app)
            self.parts[app] = known.copy() if known is not None else empty_part()
            self._own.add(app)
        return self.parts[app]

    def settled(self) -> State:
        """This state, from now on to be copied before it is changed."""
        self._own.clear()
        return self

    def model(self, app: str, name: str) -> Model | None:
        """A model by app and name, also by a name that it had before."""
        part = self.parts.get(app)
        if part is None:
            return None
        lower = name.lower()
        found = part.models.get(lower)
        for _ in range(len(part.renamed)):
            if found is not None or lower not in part.renamed:
                break
            lower = part.renamed[lower]
            found = part.models.get(lower)
        return found

    def names(self, model: Model) -> frozenset[str]:
        """The names that a model has and has had, in lower case."""
        part = self.parts.get(model.app)
        found = {model.lower}
        for old, new in reversed(part.renamed.items()) if part is not None else ():
            if new in found:
                found.add(old)
        return frozenset(found)

    def put(self, model: Model) -> None:
        """Add a model, or replace the one of its name."""
        self.change(model.app).models[model.lower] = model

    def keys(self, app: str, table: str) -> tuple[Key, ...]:
        """The keys of an app's table."""
        part = self.parts.get(app)
        return part.keys.get(table, ()) if part is not None else ()

    def auto_field(self, model: Model) -> str:
        """Which key Django gives a table of its own in this app: DEFAULT_AUTO_FIELD, "" where nobody said."""
        return self.auto_fields.get(model.app, "")

    def models(self) -> Iterator[Model]:
        """All models, app by app."""
        for part in self.parts.values():
            yield from part.models.values()


def default_table(app: str, name: str, limit: int) -> str:
    """The table of a model that gives none."""
    return _TABLES.get((app, name.lower())) or truncated(f"{app}_{name.lower()}", limit)
