"""What env.py says about how revisions run: transactions, naming convention. It is read, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from partway.core.migration import Mode, TransactionMode
from partway.dialects.dialect import Version
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.places import Places
from partway.tools.beside import Beside
from partway.tools.setup import Setup

_ABOVE = 4


class Environment(NamedTuple):
    """How revisions run here. `convention` are the templates of names, None where there are some that nobody can read;
    `version` is Alembic's, empty where nobody says."""

    mode: TransactionMode
    begins_late: bool = False  # the transaction begins with the first change of data, and lasts until the end
    convention: Mapping[str, str] | None = {}
    version: Version = ()


class Said(NamedTuple):
    """What an env.py says; None for what it does not."""

    per_migration: bool | None = None
    transactional_ddl: bool | None = None
    autocommit: bool = False
    begins: bool = False  # it has SQLite's driver begin transactions as other drivers do
    convention: Mapping[str, str] | None = {}


def environment(path: str, setup: Setup, flavour: Flavour) -> Environment:
    """The environment of the revision at this path."""
    said = _said(path, setup)
    version = tuple(
        int(part) for part in setup.settings.get("alembic.version", "").split(".") if part.isdigit()
    )
    late = flavour.begins_late and not said.begins and not said.autocommit
    return Environment(_mode(said, setup, flavour), late, said.convention, version)


def _mode(said: Said, setup: Setup, flavour: Flavour) -> TransactionMode:
    """Measured with Alembic 1.20 by making revisions fail: each revision has a transaction at least, also where
    `transactional_ddl` is off; what remains of that is the engine's and the driver's doing."""
    title = setup.dialect.title
    commits = not setup.dialect.transactional_ddl
    reopens = setup.dialect.query_is_transaction and "postgresql.reopens" in setup.settings
    if said.autocommit:
        return TransactionMode(Mode.NONE, "env.py gives Alembic a connection in AUTOCOMMIT")
    if flavour.begins_late and not said.begins:
        return TransactionMode(
            Mode.NONE,
            "Python's sqlite3 begins Alembic's transaction only where a revision first changes data",
        )
    transactional = flavour.transactional_ddl if said.transactional_ddl is None else said.transactional_ddl
    if commits:
        why = f"Alembic runs each revision in one transaction, which {title} commits with each definition"
        return TransactionMode(Mode.PER_MIGRATION, why, reopens=True)
    if not transactional:
        why = "Alembic runs each revision in one transaction here"
        return TransactionMode(Mode.PER_MIGRATION, why, reopens=reopens)
    if said.per_migration:
        return TransactionMode(
            Mode.PER_MIGRATION,
            "env.py says transaction_per_migration=True: one transaction for each revision",
            reopens=reopens,
        )
    why = "Alembic runs all pending revisions in one transaction"
    return TransactionMode(Mode.WHOLE_RUN, why, reopens=reopens)


def _said(path: str, setup: Setup) -> Said:
    beside = setup.beside
    if beside is None:
        return Said()
    found = _env(path.replace("\\", "/").split("/")[:-1], beside)
    if not found:
        return Said()
    from partway.tools.alembic.env_file import read_env

    key = ("alembic.env", found)
    known: tuple[Said, tuple[str, ...]] | None = beside.memory.get(key)
    if known is None:
        known = beside.memory[key] = read_env(found, beside)
    for each in known[1]:
        beside.rely(each)
    return known[0]


def _env(folders: list[str], beside: Beside) -> str:
    """The env.py that runs the revisions in a folder: the one whose alembic.ini names the folder, the one above them,
    or the only one that an alembic.ini speaks of; empty if there is none."""
    places: Places | None = beside.memory.get("alembic.places")
    if places is None:
        places = beside.memory["alembic.places"] = Places(beside.names, beside.text)
    folder = "/".join(folders)
    placed = places.naming(folder)
    if placed is not None:
        return _joined(placed.folder)
    for above in ["/".join(folders[:length]) for length in range(len(folders), -1, -1)][:_ABOVE]:
        if beside.names(above).get("env.py") is False:
            return _joined(above)
    only = places.only(folder)
    return _joined(only) if only is not None else ""


def _joined(folder: str) -> str:
    return f"{folder}/env.py" if folder else "env.py"
