"""Plays the scenes with every real tool on every engine and keeps what was seen: `python -m tests.history.record`.

The tests read that where a machine does not have the tool, and hold it against the tool where it does.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from tests.engines.lab import open_lab
from tests.engines.sqlite import SqliteLab
from tests.history.catalog import TOOLS
from tests.history.providing import RECIPES, provide
from tests.history.scenes import Play, Seen

RECORDED = Path(__file__).parent / "recorded"
#: The folders of a file elsewhere than in the project: where this machine keeps its libraries and databases.
_FOLDERS = re.compile(r"(?<![\w.:/])/(?!project/)(?:[\w.@+-]+/)+")
#: What stands for the SQLite database, wherever the tests keep it.
_DATABASE = "/project/lab.db"


def main() -> None:
    """Record the tools that are named, or all."""
    RECORDED.mkdir(exist_ok=True)
    names = sys.argv[1:] or list(TOOLS)
    found: dict[str, dict[str, object]] = {name: {} for name in names}
    for engine in ("postgresql18", "mariadb", "mysql", "sqlite"):
        lab = open_lab(engine)
        for name in names:
            if engine in TOOLS[name].engines:
                if name in RECIPES:
                    provide(name, heavy=True)
                with tempfile.TemporaryDirectory() as folder:
                    scenes = Play(TOOLS[name](lab, Path(folder) / "project")).play()
                kept = {scene: portable(seen, folder)._asdict() for scene, seen in scenes.items()}
                text = json.dumps(kept)
                if isinstance(lab, SqliteLab):
                    text = text.replace(str(lab.path), _DATABASE)
                found[name][engine] = json.loads(re.sub(re.escape(folder), "", text))
                print(f"{name} on {engine}: {len(scenes)} scenes")
        lab.close()
    for name, engines in found.items():
        content = {"version": TOOLS[name].provided()[1], "engines": engines}
        (RECORDED / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def portable(seen: Seen, folder: str = "") -> Seen:
    """What was seen without the paths of the machine that saw it: of what the tool said only files' names are kept."""
    said = seen.output.replace(folder, "") if folder else seen.output
    return seen._replace(output=_FOLDERS.sub("", said))


if __name__ == "__main__":
    main()
