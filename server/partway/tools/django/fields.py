"""Model fields as migrations write them: which of Django's they are, and what follows from their options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from partway.core.source import Span
from partway.tools.django.values import Call, Unknown

_PLAIN = (
    "AutoField", "BigAutoField", "SmallAutoField", "BinaryField", "BooleanField", "NullBooleanField", "CharField",
    "DateField", "DateTimeField", "DecimalField", "DurationField", "FileField", "FilePathField", "FloatField",
    "IntegerField", "BigIntegerField", "IPAddressField", "GenericIPAddressField", "JSONField",
    "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "SlugField", "SmallIntegerField",
    "TextField", "TimeField", "UUIDField", "HStoreField", "SearchVectorField", "CICharField", "CIEmailField",
    "CITextField", "IntegerRangeField", "BigIntegerRangeField", "DecimalRangeField", "FloatRangeField",
    "DateTimeRangeField", "DateRangeField", "ArrayField", "GeneratedField", "CompositePrimaryKey", "OIDField",
)  # fmt: skip
#: What counts as which of Django's fields for the database, by the last part of its name.
_KINDS = {
    **{name: name for name in _PLAIN},
    "EmailField": "CharField",
    "URLField": "CharField",
    "CommaSeparatedIntegerField": "CharField",
    "ImageField": "FileField",
}
#: Fields of other packages that are in many projects, by their full names' last part, with what they are.
_WELL_KNOWN = {
    "AutoCreatedField": "DateTimeField",
    "AutoLastModifiedField": "DateTimeField",
    "CreationDateTimeField": "DateTimeField",
    "ModificationDateTimeField": "DateTimeField",
    "MonitorField": "DateTimeField",
    "StdImageField": "FileField",
    "AutoSlugField": "SlugField",
    "TreeForeignKey": "ForeignKey",
    "ParentalKey": "ForeignKey",
    "TreeOneToOneField": "OneToOneField",
    "SortedManyToManyField": "ManyToManyField",
    "ParentalManyToManyField": "ManyToManyField",
    "CountryField": "CharField",
}
_FOREIGN = {
    "ForeignKey": "ForeignKey",
    "OneToOneField": "OneToOneField",
    "ManyToManyField": "ManyToManyField",
}
#: Fields without a column or table of their own.
_NO_COLUMN = frozenset(
    ("TaggableManager", "GenericForeignKey", "GenericRelation", "ForeignObject", "CompositePrimaryKey")
)
_LENGTHS = {
    "EmailField": 254,
    "URLField": 200,
    "SlugField": 50,
    "FileField": 100,
    "ImageField": 100,
    "FilePathField": 100,
    "CountryField": 2,
    "StdImageField": 100,
    "AutoSlugField": 50,
}
_EMPTY_STRINGS = frozenset(
    (
        "CharField",
        "TextField",
        "FileField",
        "FilePathField",
        "SlugField",
        "CICharField",
        "CIEmailField",
        "CITextField",
        "BinaryField",
        "SearchVectorField",
    )
)
#: Options that Field.non_db_attrs (and RelatedField's) leaves out of a comparison.
_NOT_COMPARED = frozenset(
    (
        "blank",
        "choices",
        "db_column",
        "editable",
        "error_messages",
        "help_text",
        "limit_choices_to",
        "on_delete",
        "related_name",
        "related_query_name",
        "validators",
        "verbose_name",
        "auto_created",
        "serialize",
        "to",
        "symmetrical",
    )
)
#: Options that say nothing where they have this value.
_DEFAULTS = {
    "null": False,
    "unique": False,
    "primary_key": False,
    "auto_now": False,
    "auto_now_add": False,
    "db_constraint": True,
    "default": ...,
    "db_default": ...,
    "parent_link": False,
    "db_comment": None,
    "db_tablespace": None,
    "db_collation": None,
    "max_length": None,
}
_MISSING: Any = ...


class Field(NamedTuple):
    """A field of a model. `kind` is which of Django's fields it is, "" where nobody knows; `path` the full name of its
    class; `options` its keyword arguments; `span` its place in the file in hand."""

    name: str
    kind: str
    path: str
    options: Mapping[str, Any]
    span: Span

    def option(self, name: str) -> bool:
        """Whether a yes-or-no option is plainly set."""
        return self.options.get(name, False) is True

    @property
    def null(self) -> bool:
        """Whether the column takes NULL."""
        return self.option("null") or self.kind == "NullBooleanField"

    @property
    def tells_null(self) -> bool:
        """Whether that is known: a class of a project's own may set it for all its fields, and not write it down."""
        return self.kind != "" or "null" in self.options or self.primary_key

    @property
    def primary_key(self) -> bool:
        """Whether it is the primary key."""
        return self.option("primary_key")

    @property
    def unique(self) -> bool:
        """Whether the column is unique by itself."""
        return self.option("unique") or self.primary_key or self.kind == "OneToOneField"

    @property
    def is_foreign_key(self) -> bool:
        """Whether the column refers to another table's."""
        return self.kind in ("ForeignKey", "OneToOneField")

    @property
    def is_many_to_many(self) -> bool:
        """Whether it is a table of its own rather than a column."""
        return self.kind == "ManyToManyField"

    @property
    def db_index(self) -> bool:
        """Whether it asks for an index."""
        if (
            self.kind in ("ForeignKey", "OneToOneField", "SlugField")
            and self.options.get("db_index", True) is not False
        ):
            return True
        return self.option("db_index")

    @property
    def may_index(self) -> bool:
        """Whether only its class could tell: one of a project's own may ask for an index without being told to."""
        return self.kind == "" and "db_index" not in self.options

    @property
    def db_constraint(self) -> bool:
        """Whether a relation is one for the database too."""
        return self.options.get("db_constraint", True) is not False

    @property
    def has_column(self) -> bool:
        """Whether it has a column."""
        return not self.is_many_to_many and self.path.rpartition(".")[2] not in _NO_COLUMN

    @property
    def column(self) -> str:
        """Its column's name."""
        given = self.options.get("db_column")
        if isinstance(given, str) and given:
            return str(given)
        return f"{self.name}_id" if self.is_foreign_key else self.name

    @property
    def max_length(self) -> Any:
        """The length of its text."""
        return self.options.get("max_length", _LENGTHS.get(self.path.rpartition(".")[2]))

    @property
    def has_db_default(self) -> bool:
        """Whether the database itself has a default for it."""
        return "db_default" in self.options

    @property
    def default(self) -> Any:
        """What the schema editor puts into rows that are there: None for nothing, `Unknown` where only a run tells."""
        if "default" in self.options:
            return self.options["default"]
        if self.kind == "GeneratedField":
            return None
        if not self.null and self.option("blank") and self.kind in _EMPTY_STRINGS:
            return ""
        if self.option("auto_now") or self.option("auto_now_add"):
            return Unknown("now")
        if self.kind == "DateTimeField" and self.path.rpartition(".")[2] in _WELL_KNOWN:
            return Unknown("now")  # these fill themselves
        return None

    @property
    def to(self) -> Any:
        """What it refers to, as written."""
        return self.options.get("to", _MISSING)

    def compared(self) -> tuple[str, dict[str, Any]]:
        """What a change of has to change the database, as the schema editor sees it."""
        said = {
            key: value
            for key, value in self.options.items()
            if key not in _NOT_COMPARED and _DEFAULTS.get(key, _MISSING) != value
        }
        if said.get("db_index") is self.kind in ("ForeignKey", "OneToOneField", "SlugField"):
            del said["db_index"]
        if self.kind == "OneToOneField":
            said.pop("unique", None)
        if self.max_length is not None:
            said["max_length"] = self.max_length
        return self.path, said


def field(name: str, value: Any, span: Span) -> Field:
    """The field that an expression makes."""
    if not isinstance(value, Call):
        return Field(name, "", value.said if isinstance(value, Unknown) else "", {}, span)
    last = value.kind
    kind = _FOREIGN.get(last) or _WELL_KNOWN.get(last) or ""
    if not kind and (value.name.startswith(("django.", "models.")) or "." not in value.name):
        kind = _KINDS.get(last, "")
    options = dict(value.options)
    if not kind and "to" in options:
        kind = "ManyToManyField" if "ManyToMany" in last else "ForeignKey" if "on_delete" in options else ""
        kind = kind or ("OneToOneField" if last.startswith("OneToOne") else "")
    for position, key in enumerate(_POSITIONS.get(kind, ())):
        if position < len(value.arguments):
            options.setdefault(key, value.arguments[position])
    return Field(name, kind, _canonical(value.name), options, span)


_POSITIONS = {
    "ForeignKey": ("to", "on_delete"),
    "OneToOneField": ("to", "on_delete"),
    "ManyToManyField": ("to",),
    "ArrayField": ("base_field", "size"),
}


def _canonical(path: str) -> str:
    """The name as Django itself writes it, wherever it was imported from."""
    return f"models.{path.rpartition('.')[2]}" if path.startswith(("django.db.models", "models.")) else path
