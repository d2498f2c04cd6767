"""Nothing that is kept here tells where it was made."""

from __future__ import annotations

import re
from pathlib import Path

_PLACES = re.compile(r"(?<![\w.:])/(?:work|root|home|Users|tmp|dev/shm|var/tmp|usr|opt)/[\w.@+-]+")


def test_recordings_name_no_place_on_a_machine(repository: Path) -> None:
    recordings = sorted((repository / "tests/history/recorded").glob("*.json"))
    assert recordings
    found = {path.name: match[0] for path in recordings if (match := _PLACES.search(path.read_text()))}
    assert not found
