"""The databases that can be chosen for a project, with where each comes from. Nothing is contacted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from partway.databases import offered
from partway.live.url import masked

if TYPE_CHECKING:
    from partway.config import Config


def known(config: Config) -> list[dict[str, Any]]:
    """Name, source (a file, relative to the project) and address without its password; configured ones first."""
    source = os.path.basename(config.path or "")
    found = [{"name": one.name, "source": source, "address": masked(one.url)} for one in config.databases]
    found += [{"name": one.name, "source": one.source, "address": one.shown} for one in offered(config)]
    return found
