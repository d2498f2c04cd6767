"""What a migration, or a class of the project's own that it inherits from, says in its methods: which Rails it is
written for, and whether it runs in a transaction.

Rails asks the migration's own method `disable_ddl_transaction`. What `disable_ddl_transaction!` says holds for its
class alone, and for none that inherits from it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from partway.tools.beside import Beside
from partway.tools.rails.inflection import inflector
from partway.tools.rails.project import text_of

#: Where Rails looks for a class, in the folders that projects keep one for migrations in.
_FOLDERS: Final = ("lib/", "app/lib/", "app/models/", "app/migrations/", "db/", "db/migrate/")
_BRACKET: Final = re.compile(r"<\s*(?:::)?ActiveRecord::Migration\[\s*['\"]?(\d+)[._](\d+)")
_METHOD: Final = re.compile(r"^[ \t]*def[ \t]+disable_ddl_transaction\b(?:\(\))?", re.MULTILINE)
_STATEMENTS: Final = re.compile(r"[;\n=]")
#: A method that is longer than this does more than say so.
_LONGEST: Final = 20


class Parent(NamedTuple):
    """The class above a migration: its version, empty where it is not Rails's own that it inherits from; and whether
    it says that its migrations run without a transaction, None where nobody knows."""

    version: tuple[int, ...]
    without_transaction: bool | None


def parent(path: str, beside: Beside | None, name: str, said: str) -> Parent:
    """What the class of this name says: by its text in the migration's own file, else by its own file."""
    inflected = inflector().underscore(name)
    said = said or text_of(path, beside, *(f"{folder}{inflected}.rb" for folder in _FOLDERS))
    bracket = _BRACKET.search(said)
    if bracket is None:
        return Parent((), None)
    version = int(bracket[1]), int(bracket[2])
    return Parent(version, without_transaction(said))


def without_transaction(said: str) -> bool | None:
    """Whether the method `disable_ddl_transaction` in a text says so; False where it has none, None where only a run
    tells."""
    method = _METHOD.search(said)
    return _answer(said[method.end() :]) if method is not None else False


def _answer(after: str) -> bool | None:
    """What a method gives whose last statement is `true` or `false`; None where it is another."""
    last = ""
    for statement in _STATEMENTS.split(after, _LONGEST)[:_LONGEST]:
        said = statement.partition("#")[0].strip()
        if said == "end":
            break
        last = said or last
        if after.lstrip().startswith("=") and last:
            break
    return {"true": True, "false": False}.get(last)
