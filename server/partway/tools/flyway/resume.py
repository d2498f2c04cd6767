"""Flyway's resume migrations: a version between the failed one and the next, `V2.1__finish_roles.sql`."""

from __future__ import annotations

from partway.core.migration import Mode
from partway.core.postcondition import Name
from partway.dialects.questions import quoted
from partway.tools.flyway.history import key
from partway.tools.flyway.tool import parse
from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed, Written
from partway.tools.resuming_file import HERE_ALONE, by_hand, recorded, sibling, stem, way_up, written
from partway.tools.resuming_place import next_version
from partway.tools.resuming_sql import Style, is_general, visible

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The versioned script. Raises CannotResume."""
    settings = dict(request.target.settings)
    name = file_name(request.file.path)
    script = parse(name, settings)
    if script is None or script.kind != "versioned":
        raise CannotResume(
            f"Flyway runs {name} anew whenever it changes", "Mend what it failed on, and run Flyway again"
        )
    following = {_numbers(item.identity) for item in request.following} - {()}
    version = next_version(script.identity, following)
    separator = settings.get("flyway.sqlMigrationSeparator") or "__"
    prefix = settings.get("flyway.sqlMigrationPrefix") or "V"
    description = stem(name).partition(separator)[2]
    path = sibling(request, f"{prefix}{version}{separator}finish_{description}.sql")
    beside = []
    section, style = way_up(request), Style(later=_later(request))
    if section is not None and section.transaction.mode is Mode.NONE:
        # Also where Flyway saw for itself that the failed one wants none: beside a block it would refuse to mix them.
        beside.append(Written(f"{path}.conf", "executeInTransaction=false\n"))
    if not is_general(request, style):
        return by_hand(request, style, HERE_ALONE)
    return written(request, path, version, style, beside=beside)


def _numbers(version: str) -> tuple[int, ...]:
    parts = key(version).split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else ()


def _later(request: Request) -> str:
    """Flyway runs what comes late only where `outOfOrder` says so."""
    dialect = request.target.dialect
    if request.target.settings.get("flyway.outOfOrder", "").lower() != "true" or not request.following:
        return ""
    versions = ", ".join(f"'{item.identity}'" for item in request.following if _numbers(item.identity))
    own = quoted(dialect, Name("version"))
    success = quoted(dialect, Name("success"))
    return recorded(request, f"{own} IN ({versions}) AND {success}")
