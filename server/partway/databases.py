"""From the name or URL that somebody gives to the database that is meant: configured, discovered, or spelled out."""

from __future__ import annotations

import os
from typing import NamedTuple

from partway.config import Config, Database
from partway.core.suggestion import suggestion
from partway.live.discovered import Discovered, discovered
from partway.live.sessions.session import Limits
from partway.live.unreachable import Reason, Unreachable
from partway.live.url import Address, resolve


class Target(NamedTuple):
    """A database to ask: what people call it, where it is, how long to wait."""

    name: str
    address: Address
    limits: Limits


def names(config: Config) -> list[str]:
    """The names that can be given for this project, configured ones first."""
    found = [one.name for one in config.databases]
    return found + [one.name for one in discovered(config.root) if one.name not in found]


def target(given: str, config: Config) -> Target:
    """The database that this name or URL means. Nothing is contacted. Raises Unreachable."""
    for one in config.databases:
        if one.name == given:
            return Target(given, resolve(one.url, config.root, one.schemas), _limits(one))
    if given.startswith("env:"):
        return Target(given, resolve(given, config.root), Limits())
    for found in discovered(config.root):
        if found.name == given:
            return Target(given, found.address(config.root), Limits())
    if ":" in given and "/" in given:
        address = resolve(given, os.getcwd())
        return Target(address.shown, address, Limits())
    known = names(config)
    listed = (
        f"; there are {', '.join(known)}"
        if known
        else "; none is configured or found, so give a URL or env:NAME"
    )
    raise Unreachable(Reason.ADDRESS, f"there is no database `{given}`{suggestion(given, known) or listed}")


def offered(config: Config) -> list[Discovered]:
    """What the project's own files speak of and the configuration does not."""
    configured = {one.name for one in config.databases}
    return [one for one in discovered(config.root) if one.name not in configured]


def _limits(one: Database) -> Limits:
    usual = Limits()
    return Limits(one.connect or usual.connect, one.statement or usual.statement, one.lock or usual.lock)
