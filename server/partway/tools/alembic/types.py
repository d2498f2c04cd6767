"""SQLAlchemy's types, as the compilers of its dialects write them."""

from __future__ import annotations

from typing import NamedTuple

from partway.tools.alembic.flavours import Flavour
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Ref, is_known

#: Generic types by the name that all dialects give them, unless a flavour says otherwise.
_GENERIC = {
    "Integer": "INTEGER", "BigInteger": "BIGINT", "SmallInteger": "SMALLINT", "String": "VARCHAR", "Unicode": "VARCHAR",
    "Text": "TEXT", "UnicodeText": "TEXT", "Boolean": "BOOLEAN", "Date": "DATE", "Float": "FLOAT",
    "Numeric": "NUMERIC", "JSON": "JSON", "Variant": "",
}  # fmt: skip
_SIZED = frozenset(("VARCHAR", "CHAR", "NCHAR", "NVARCHAR", "TEXT", "BINARY", "VARBINARY", "CLOB", "BLOB"))
_TIMES = {"DateTime": "TIMESTAMP", "Time": "TIME", "TIMESTAMP": "TIMESTAMP", "TIME": "TIME"}
_PLAIN_TIMES = {"DateTime": "DATETIME", "Time": "TIME", "TIMESTAMP": "TIMESTAMP", "TIME": "TIME"}
#: Modules whose types are what they are called.
_MODULES = ("sqlalchemy", "sqlalchemy.types", "sqlalchemy.sql.sqltypes", "sqlalchemy.sql.types")
_DIALECTS = "sqlalchemy.dialects."
_OF_MYSQL, _OF_POSTGRESQL = ("mysql", "mariadb"), "postgresql"  # modules below that
_INTEGERS = frozenset(("INTEGER", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "INT"))
#: The longest list of an ENUM's values that is written out.
_LONGEST = 100_000


class SqlType(NamedTuple):
    """A type as SQL, empty where nobody knows. `enum` is the name of the type of its own that PostgreSQL makes for it,
    with `values`; `creates` says that tables make it by themselves. `checked` says that the column gets a CHECK."""

    sql: str = ""
    enum: str = ""
    schema: str = ""
    values: tuple[str, ...] = ()
    creates: bool = False
    checked: bool = False
    check_name: str = ""

    @property
    def is_integer(self) -> bool:
        """Whether a primary key of this type counts by itself."""
        return self.sql.replace("(", " ").partition(" ")[0] in _INTEGERS


UNREAD = SqlType()


def read_type(value: object, flavour: Flavour) -> SqlType:
    """The type that this value means: `sa.Integer`, `sa.String(40)`, `postgresql.JSONB()`."""
    for _ in range(20):
        if isinstance(value, Call) and value.name in ("with_variant", "evaluates_none", "as_generic"):
            variant = _variant(value, flavour)
            value = value.receiver if variant is None else variant
        else:
            break
    path = value.path if isinstance(value, Ref | Call) else ""
    module, _, name = path.rpartition(".")
    call = value if isinstance(value, Call) else None
    if _is_vague(name, call):
        return UNREAD
    if module in _MODULES:
        return _generic(name, call, flavour)
    if module.startswith(_DIALECTS):
        return _of_dialect(module[len(_DIALECTS) :].partition(".")[0], name, call, flavour)
    return UNREAD


def _variant(call: Call, flavour: Flavour) -> object | None:
    """The type that `with_variant(type, "postgresql", ...)` names for this dialect."""
    if call.name != "with_variant":
        return None
    type_, *dialects = call.positional
    return type_ if flavour.name in [str(name) for name in dialects] else None


def _is_vague(name: str, call: Call | None) -> bool:
    """Whether a type is given a size that cannot be read, such as a constant of another module."""
    if call is None or name.replace("_", "").upper() not in _WITH_SIZE:
        return False
    first = call.get("length", 0) if call.get("precision") is None else call.get("precision")
    second = call.get("scale", 1) if name.upper() in ("NUMERIC", "DECIMAL") else None
    return any(one is not None and not isinstance(one, int) for one in (first, second))


_WITH_SIZE = frozenset(
    ("STRING", "UNICODE", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR", "BINARY", "VARBINARY", "LARGEBINARY", "NUMERIC",
     "DECIMAL", "FLOAT", "BIT")
)  # fmt: skip


def _generic(name: str, call: Call | None, flavour: Flavour) -> SqlType:
    if name == "Enum":
        return _enum(call, flavour, called=False)
    if name in _TIMES:
        return SqlType(_time(name, call, flavour))
    if name == "ARRAY":
        return _array(call, flavour)
    if name == "Boolean" and call is not None and call.get("create_constraint", 0) is True:
        native = flavour.types.get("Boolean", "BOOLEAN") == "BOOLEAN" and flavour.zoned
        return SqlType(
            flavour.types.get(name, "BOOLEAN"), checked=not native, check_name=_string(call, "name")
        )
    own = flavour.types.get(name)
    if own is not None:
        length = _number(call, "length", 0)
        return SqlType(own.replace("%s", f"({length})" if length is not None else ""))
    if name in ("Numeric", "NUMERIC", "DECIMAL"):
        return SqlType((_GENERIC.get(name) or name) + _numbers(call, "precision", "scale"))
    if name in ("Float", "FLOAT") and flavour.precise:
        return SqlType("FLOAT" + _numbers(call, "precision"))
    sql = _GENERIC.get(name) or (name if name.isupper() else "")
    if not sql:
        return UNREAD
    if sql in _SIZED:
        length = _number(call, "length", 0)
        sql += f"({length})" if length is not None else ""
        collation = _string(call, "collation") if call is not None else ""
        sql += f" COLLATE {flavour.quote}{collation}{flavour.quote}" if collation else ""
    return SqlType(sql.replace("_", " "))


def _time(name: str, call: Call | None, flavour: Flavour, precision: int | None = None) -> str:
    if not flavour.zoned:
        return _PLAIN_TIMES[name]
    zoned = call is not None and call.get("timezone", 0) is True
    digits = f"({precision})" if precision is not None else ""
    return f"{_TIMES[name]}{digits} WITH{'' if zoned else 'OUT'} TIME ZONE"


def _of_dialect(module: str, name: str, call: Call | None, flavour: Flavour) -> SqlType:
    """A type from SQLAlchemy's module for one dialect, which no other compiles unless its name is everybody's."""
    if name in ("ENUM", "SET") and module in ("mysql", "mariadb"):
        values = tuple(str(value) for value in call.positional if isinstance(value, Text)) if call else ()
        return SqlType(f"{name}({_values(values)})")
    if name == "ENUM":
        return _enum(call, flavour, called=True)
    if name == "ARRAY":
        return _array(call, flavour)
    if name in ("TIMESTAMP", "TIME") and module == "postgresql":
        return SqlType(_time(name, call, flavour, _number(call, "precision")))
    if name == "DOMAIN":
        return SqlType(flavour.quoted(_string(call, "name", 0)))
    if not name.isupper():
        return UNREAD
    sql = name.replace("_", " ")
    if name == "BIT" and call is not None and call.get("varying", 1) is True:
        sql += " VARYING"
    if name == "INTERVAL":
        fields = _string(call, "fields")
        sql += f" {fields}" if fields else ""
        sql += _numbers(call, "precision").rjust(len(_numbers(call, "precision")) + bool(fields))
    elif module in ("mysql", "mariadb"):
        sql += _of_mysql(name, call)
    elif name in _SIZED or name == "BIT":
        length = _number(call, "length", 0)
        sql += f"({length})" if length is not None else ""
    elif name in ("NUMERIC", "DECIMAL"):
        sql += _numbers(call, "precision", "scale")
    elif name == "FLOAT":
        sql += _numbers(call, "precision")
    return SqlType(sql)


def _of_mysql(name: str, call: Call | None) -> str:
    """What follows the name of one of MySQL's own types."""
    if call is None:
        return ""
    if name in ("DATETIME", "TIMESTAMP", "TIME"):
        fraction = _number(call, "fsp", 1)
        said = f"({fraction})" if fraction is not None else ""
    elif name in ("DECIMAL", "NUMERIC", "FLOAT", "DOUBLE", "REAL"):
        said = _numbers(call, "precision", "scale")
    else:
        length = _number(call, "length", 0)
        width = _number(call, "display_width") if length is None else length
        said = f"({width})" if width is not None else ""
    for option, words in (("unsigned", " UNSIGNED"), ("zerofill", " ZEROFILL")):
        said += words if call.get(option) is True else ""
    charset, collation = _string(call, "charset"), _string(call, "collation")
    said += f" CHARACTER SET {charset}" if charset else ""
    return said + (f" COLLATE {collation}" if collation else "")


def _array(call: Call | None, flavour: Flavour) -> SqlType:
    inner = read_type(call.get("item_type", 0), flavour) if call is not None else UNREAD
    dimensions = _number(call, "dimensions") or 1
    return SqlType(inner.sql + "[]" * min(dimensions, 6)) if inner.sql else UNREAD


def _enum(call: Call | None, flavour: Flavour, *, called: bool) -> SqlType:
    """`sa.Enum("a", "b", name="mood")`; `called` for PostgreSQL's own ENUM."""
    if call is None:
        return UNREAD
    name, schema = _string(call, "name"), _string(call, "schema")
    said = [value for value in call.positional if isinstance(value, Text)]
    known = call.complete and len(said) == len(call.positional) and is_known(said)
    values = tuple(map(str, said)) if known else ()
    if not name and len(call.positional) == 1 and isinstance(call.positional[0], Ref):
        name = call.positional[0].path.rpartition(".")[2].lower()  # the name of an Enum class
    native = called or call.get("native_enum", default=True) is not False
    if native and flavour.native_enum == "type":
        if not name:
            return UNREAD
        sql = (f"{flavour.quoted(schema)}." if schema else "") + flavour.quoted(name)
        creates = call.get("create_type", default=True) is not False
        return SqlType(sql, name, schema, values, creates)
    if native and flavour.native_enum == "inline":
        return SqlType(f"ENUM({_values(values)})" if values else "")
    length = _number(call, "length") or max(map(len, values), default=0)
    checked = call.get("create_constraint") is True
    return SqlType(
        f"VARCHAR({length})" if length else "", checked=checked, check_name=name if checked else ""
    )


def _values(values: tuple[str, ...]) -> str:
    return ",".join("'" + value.replace("'", "''") + "'" for value in values)[:_LONGEST]


def _string(call: Call | None, keyword: str, position: int = -1) -> str:
    value = call.get(keyword, position) if call is not None else None
    return str(value) if isinstance(value, Text) and value.known else ""


def _number(call: Call | None, keyword: str, position: int = -1) -> int | None:
    value = call.get(keyword, position) if call is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _numbers(call: Call | None, *keywords: str) -> str:
    found = [_number(call, keyword, position) for position, keyword in enumerate(keywords)]
    said = [str(number) for number in found if number is not None]
    return f"({', '.join(said)})" if said else ""
