"""How Supabase's files are recognised: by the folder that its command line keeps them in."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
#: As in the command line's pkg/migration/file.go; files of other names are skipped by it.
NAME = re.compile(r"(\d+)_(.*)\.sql")


def recognise(file: Candidate) -> Certainty:
    """`supabase/migrations` holds nothing else."""
    ours = (
        file.place.folder == "migrations"
        and file.place.above == "supabase"
        and NAME.fullmatch(file.place.name)
    )
    return Certainty.SURE if ours else Certainty.NO
