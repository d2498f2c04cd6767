"""One attribute as a migration says it against what the catalog says: the same, not the same, or None: cannot tell."""

from __future__ import annotations

import re

from partway.dialects import dialect_named, strings
from partway.live.normal.bodies import body, query, rule, trigger
from partway.live.normal.bounds import bounds
from partway.live.normal.expression import same_expression
from partway.live.normal.found import UNSAID, Compare, Found, items, names
from partway.live.normal.keys import action, columns, keys, leading, references
from partway.live.normal.parameters import parameters, plain_type
from partway.live.normal.privileges import privileges
from partway.live.normal.types import normal_types
from partway.sql.lexer import STRING, lex
from partway.sql.routine_options import SETTING
from partway.sql.storage import OPTION
from partway.sql.table_said import TABLE_OPTIONS


def same(object_: str, attribute: str, said: str, found: Found, dialect: str) -> bool | None:
    """Whether the thing found has this attribute as it is said. `found` are all of its attributes."""
    if attribute.startswith(OPTION):
        return _option(attribute.removeprefix(OPTION), said, found)
    if attribute.startswith(SETTING):
        return _setting(attribute.removeprefix(SETTING), said, found)
    compare = _COMPARE.get((object_, attribute)) or _COMPARE.get(("", attribute))
    if compare is None:
        return None
    return compare(said, found, dialect)


def _text(attribute: str) -> Compare:
    """Equal but for case and white space."""

    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get(attribute)
        return None if value is None else _squeezed(said) == _squeezed(value)

    return compare


#: What PostgreSQL takes for yes and no in an option, beside the words themselves.
_SWITCHES = {"on": "true", "off": "false", "1": "true", "0": "false", "yes": "true", "no": "false"}


def _option(name: str, said: str, found: Found) -> bool | None:
    """One of the options of storage, which the catalog keeps as they were written."""
    value = found.get("options")
    if value is None:
        return None
    kept = dict(one.partition("=")[::2] for one in value.split(", ")) if value else {}
    now = kept.get(name, "").lower()
    return _SWITCHES.get(now, now) == _SWITCHES.get(said.lower(), said.lower())


def _setting(name: str, said: str, found: Found) -> bool | None:
    """One of the settings that a routine runs under, kept a line each."""
    value = found.get("settings")
    if value is None:
        return None
    kept = dict(one.partition("=")[::2] for one in value.split("\n")) if value else {}
    return _squeezed(kept.get(name, "").replace('"', "")) == _squeezed(said)


def _roles(said: str, found: Found, _dialect: str) -> bool | None:
    """Who a policy is for; whom the words for a session's own role mean, only that session knows."""
    value = found.get("to")
    if value is None or any(word in said for word in ("current_", "session_user")):
        return None
    return _squeezed(said) == _squeezed(value)


def _statistics(said: str, found: Found, _dialect: str) -> bool | None:
    """How much of a column is sampled; -1 and DEFAULT are the server's own."""
    value = found.get("statistics")
    return None if value is None else value == ("default" if said == "-1" else said)


def _include(said: str, found: Found, _dialect: str) -> bool | None:
    """The columns that an index holds besides its keys, in order; there are none where it says nothing of them."""
    return names(said) == names(found.get("include") or "")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip()).lower()


def _type(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("type")
    if value is None:
        return None
    types = normal_types(dialect)
    default = found.get("default")
    plain = default is not None and "nextval" not in default and found.get("identity") != "yes"
    if plain and types.counts_up(said):
        return False
    result: bool | None = types.same_type(said, value)
    return result


def _default(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("default")
    if value is None:
        return None
    if said.strip().lower() in ("", "null"):
        return value == "" or value.lower().startswith("null")
    if value == "":
        return False
    verdict = same_expression(_only(said, dialect), _only(value, dialect), dialect)
    if verdict is False and _rewritten(found.get("type") or "", said):
        return None
    return verdict


#: MySQL shows what a column is set to on update behind its default.
_ON_UPDATE = re.compile(r"\s+on\s+update\s.*", re.IGNORECASE | re.DOTALL)


def _only(default: str, dialect: str) -> str:
    return _ON_UPDATE.sub("", default) if dialect_named(dialect).indexes_in_table else default


#: Types whose constants engines print in a form of their own.
_OWN_FORM = re.compile(
    r"json|interval|time|date|bytea|blob|binary|\[\]|inet|cidr|macaddr|bit|money|point|range|xml|year|real|double|float",
    re.IGNORECASE,
)


def _rewritten(type_: str, said: str) -> bool:
    return bool(_OWN_FORM.search(type_)) and said.lstrip("( ")[:1] in "'-0123456789."


def _expression(attribute: str) -> Compare:
    def compare(said: str, found: Found, dialect: str) -> bool | None:
        value = found.get(attribute)
        if value is None:
            return None
        if said == UNSAID:
            return None if value else True
        if not said or not value:
            return said.strip() == value.strip()
        return same_expression(said, value, dialect)

    return compare


def _values(said: str, found: Found, dialect: str) -> bool | None:
    """An enum's values, in order."""
    value = found.get("values")
    if value is None:
        return None
    lexis = dialect_named(dialect).lexis
    return _strings(said, lexis) == _strings(value, lexis)


def _strings(text: str, lexis: object) -> list[str]:
    return [text[start:end] for kind, start, end, _ in lex(text, lexis).tokens if kind == STRING]  # type: ignore[arg-type] # a Lexis


def _identity(said: str, found: Found, _dialect: str) -> bool | None:
    """Whether numbers are given by themselves; SQLite gives them to a key that is not said to count up, too."""
    value = found.get("identity")
    if value is None or (value == "no" and said == "yes" and found.get("key") == "yes"):
        return None
    return said == value


def _collation(said: str, found: Found, dialect: str) -> bool | None:
    """A collation, perhaps with its schema; the database's own is shown as none."""
    value = found.get("collation")
    if value is None:
        return None
    name = said.rpartition(".")[2].strip('"').lower()
    if dialect_named(dialect).indexes_in_table:
        # The old name of a character set; some collations are said without theirs.
        name, value = (re.sub(r"^utf8_", "utf8mb3_", one) for one in (name, value.lower()))
        if value.endswith(f"_{name}"):
            return True
    return _squeezed(value) == name if value or name != "default" else True


def _comment(said: str, found: Found, _dialect: str) -> bool | None:
    """A comment is kept as it is written, without its quotes; NULL takes it away."""
    value = found.get("comment")
    if value is None:
        return None
    if said.strip().lower() == "null":
        return value == ""
    meant = strings.said(said)
    return None if meant is None else value in meant


def _charset(said: str, found: Found, _dialect: str) -> bool | None:
    """A table shows its collation, which begins with its character set."""
    value = found.get("collation")
    if value is None:
        return None
    name = {"utf8": "utf8mb3"}.get(said.lower(), said.lower())
    return value.lower().replace("utf8_", "utf8mb3_").startswith(f"{name}_") or value.lower() == name


def _attributes(said: str, found: Found, dialect: str) -> bool | None:
    """A composite type's attributes, each with its type, in order."""
    value = found.get("attributes")
    if value is None:
        return None
    ours, theirs = items(said), items(value)
    if len(ours) != len(theirs):
        return False
    same_type = normal_types(dialect).same_type
    for one, other in zip(ours, theirs, strict=True):
        name, _, type_ = one.partition(" ")
        other_name, _, other_type = other.partition(" ")
        if name.strip('"').lower() != other_name.strip('"').lower() or not same_type(type_, other_type):
            return False
    return True


def _returns(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("result")
    if value is None:
        return None
    if not dialect_named(dialect).routines_overload:
        return plain_type(said, value, dialect)
    # Precision is not kept, and a schema only where it is not on the search_path.
    one, other = (re.sub(r" ?\([\d, ]+\)", "", text.lower()) for text in (said, value))
    if one.startswith("setof ") is not other.startswith("setof "):
        return False
    names = [text.removeprefix("setof ").rpartition(".")[2].replace('"', "") for text in (one, other)]
    return names[0] == names[1] or normal_types(dialect).same_type(*names)


def _module_arguments(said: str, found: Found, _dialect: str) -> bool | None:
    """What a virtual table is made with, which is kept as it was written."""
    value = found.get("module-arguments")
    if value is None:
        return None if found.get("module") else False
    ours, theirs = ([re.sub(r"[\s'\"`]", "", one).lower() for one in items(text)] for text in (said, value))
    return ours == theirs


#: Options of tables that are not shown where they are 0.
_NOT_SHOWN = frozenset(
    ("key_block_size", "max_rows", "min_rows", "avg_row_length", "checksum", "delay_key_write")
)


def _table_option(attribute: str) -> Compare:
    """An option of a table, which is empty where nothing was ever said of it."""

    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get(attribute)
        if value is None:
            return None
        nothing = said == "default" or (said == "0" and attribute in _NOT_SHOWN)
        return value == "" if nothing else value == said

    return compare


def _partition_by(said: str, found: Found, dialect: str) -> bool | None:
    """By what rows go to partitions that have no names: `hash (year(made))`, `linear key (a, b)`."""
    value = found.get("partition-by")
    if value is None:
        return None
    (ours, _, columns), (theirs, _, others) = said.partition(" ("), value.partition(" (")
    if ours != theirs:
        return False
    one, other = (re.sub(r"[\s`]", "", text[:-1]).lower() for text in (columns, others))
    if one == other:
        return True
    if one and other and re.fullmatch(r"[\w$,]*", one + other):
        return False
    return same_expression(columns[:-1], others[:-1], dialect) or None


def _partitions(said: str, found: Found, _dialect: str) -> bool | None:
    """How many partitions there are; of so many more or fewer than before only who knows that number can tell."""
    value = found.get("partitions")
    return None if value is None or not said.isdigit() else value == said


_COMPARE: dict[tuple[str, str], Compare] = {
    ("", "type"): _type,
    ("", "nullable"): _text("nullable"),
    ("", "default"): _default,
    ("", "identity"): _identity,
    ("", "given"): _text("given"),
    ("", "generated"): _expression("generated"),
    ("", "comment"): _comment,
    ("", "owner"): _text("owner"),
    ("", "row-security"): _text("row-security"),
    ("", "forced-row-security"): _text("forced-row-security"),
    ("", "persistence"): _text("persistence"),
    ("", "fires"): _text("fires"),
    ("policy", "permissive"): _text("permissive"),
    ("policy", "for"): _text("for"),
    ("policy", "to"): _roles,
    ("policy", "using"): _expression("using"),
    ("policy", "check"): _expression("check"),
    ("", "strict"): _text("strict"),
    ("", "volatility"): _text("volatility"),
    ("", "leakproof"): _text("leakproof"),
    ("", "security"): _text("security"),
    ("", "parallel"): _text("parallel"),
    ("", "cost"): _text("cost"),
    ("", "rows"): _text("rows"),
    ("", "increment"): _text("increment"),
    ("", "minimum"): _text("minimum"),
    ("", "maximum"): _text("maximum"),
    ("", "start"): _text("start"),
    ("", "cache"): _text("cache"),
    ("", "cycle"): _text("cycle"),
    ("", "owned-by"): _text("owned-by"),
    ("", "tablespace"): _text("tablespace"),
    ("", "access-method"): _text("access-method"),
    ("", "replica-identity"): _text("replica-identity"),
    ("", "cluster"): _text("cluster"),
    ("", "statistics"): _statistics,
    ("", "storage"): _text("storage"),
    ("", "compression"): _text("compression"),
    ("", "deferrable"): _text("deferrable"),
    ("", "deferred"): _text("deferred"),
    ("", "enforced"): _text("enforced"),
    ("", "engine"): _text("engine"),
    ("", "visible"): _text("visible"),
    ("", "data"): _text("data"),
    ("partition", "bounds"): bounds,
    ("", "partitioned"): _text("partitioned"),
    ("", "without-rowid"): _text("without-rowid"),
    ("", "module"): _text("module"),
    ("", "module-arguments"): _module_arguments,
    ("", "partition-by"): _partition_by,
    ("", "partitions"): _partitions,
    **{("table", option): _table_option(option) for option in TABLE_OPTIONS},
    ("", "privileges"): privileges(granted=True),
    ("", "no-privileges"): privileges(granted=False),
    ("", "charset"): _charset,
    ("type", "attributes"): _attributes,
    ("", "collation"): _collation,
    ("", "unique"): _text("unique"),
    ("", "include"): _include,
    ("", "method"): _text("method"),
    ("", "columns"): columns,
    ("", "keys"): keys,
    ("", "leading"): leading,
    ("", "predicate"): _expression("predicate"),
    ("", "valid"): _text("valid"),
    ("", "kind"): _text("kind"),
    ("", "expression"): _expression("expression"),
    ("", "references"): references,
    ("", "on-delete"): action("on-delete"),
    ("", "on-update"): action("on-update"),
    ("", "values"): _values,
    ("", "arguments"): parameters,
    ("", "returns"): _returns,
    ("", "deterministic"): _text("deterministic"),
    ("", "body"): body,
    ("view", "definition"): query,
    ("materialized-view", "definition"): query,
    ("trigger", "definition"): trigger,
    ("rule", "definition"): rule,
}
