"""How Prisma's files are recognised: each is called migration.sql and has a folder of its own."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = ("migration.sql",)
SESSION_RESTORES: frozenset[str] = frozenset()
_FOLDER = re.compile(r"\d{14}(?:_.*)?")


def recognise(file: Candidate) -> Certainty:
    """The folder's name is `20240131120000_add_roles`; a baseline is often called `0_init`."""
    if file.place.name != "migration.sql":
        return Certainty.NO
    # drizzle-kit's newer layout is the same but for what it writes between statements.
    if "--> statement-breakpoint" in file.head:
        return Certainty.NO
    if _FOLDER.fullmatch(file.place.folder) or "prisma" in file.place.folders:
        return Certainty.SURE
    return Certainty.LIKELY if file.place.above == "migrations" else Certainty.NO
