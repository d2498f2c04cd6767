"""The editor and the command line, under the same configuration, say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.helper import partway
from tests.lsp.samples import TEXTS, path_of
from tests.lsp.text import lines, units
from tests.lsp.wire import Wire
from tests.rules.documentation import all_examples

_SEVERITIES = {1: "error", 2: "warning", 3: "info"}


def _project(folder: Path) -> dict[str, str]:
    """A project of everything that there are examples of, each file under its own override; the files' texts."""
    files = {path_of(name): text for name, text in TEXTS.items() if name not in ("bom", "nul")}
    toml = ['include = ["examples/**"]', 'ignore = ["locking"]']
    for number, one in enumerate(all_examples("bad", "good")):
        path = f"examples/{number:03}/{one.path}"
        files[path] = one.text
        toml += ["[[overrides]]", f'paths = ["{path}"]', f'dialect = "{one.dialect}"']
        for key, option in (("tool", "tool"), ("server-version", "version"), ("transaction", "transaction")):
            if option in one.options:
                toml.append(f'{key} = "{one.options[option]}"')
    (folder / ".git").mkdir(parents=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    (folder / "partway.toml").write_text("\n".join(toml) + "\n")
    return files


def _place(text: str, line: int, character: int) -> tuple[int, int]:
    """A position in UTF-16 as the command line counts: from 1, in code points."""
    body = lines(text)[line]
    column = next(count for count in range(len(body) + 1) if units(body[:count], "utf-16") >= character)
    return line + 1, column + 1


def test_findings_are_equal(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    files = _project(folder)
    done = partway("lint", "--format", "json", "--no-cache", ".", cwd=folder)
    assert done.returncode == 1, done.stderr
    said = sorted(
        (
            one["path"], one["rule"], one["severity"],
            (one["range"]["start"]["line"], one["range"]["start"]["column"]),
            (one["range"]["end"]["line"], one["range"]["end"]["column"]),
            one["message"],
        )
        for one in json.loads(done.stdout)
    )  # fmt: skip
    for how in ("opened", "workspace"):
        shown = []
        with Wire(cwd=folder) as wire:
            wire.initialize(folder)
            found: dict[str, list[dict[str, Any]]] = {}
            if how == "opened":
                for path, text in files.items():
                    wire.open((folder / path).as_uri(), text)
                for path in files:
                    uri = (folder / path).as_uri()
                    found[path] = wire.call("textDocument/diagnostic", {"textDocument": {"uri": uri}})[
                        "items"
                    ]
            else:
                by_uri = {(folder / path).as_uri(): path for path in files}
                for report in wire.call("workspace/diagnostic", {"previousResultIds": []})["items"]:
                    found[by_uri[report["uri"]]] = report["items"]
            assert wire.shutdown() == 0
        for path, items in found.items():
            for one in items:
                where: Any = one["range"]
                start, end = (_place(files[path], **where[side]) for side in ("start", "end"))
                severity = _SEVERITIES[one["severity"]]
                shown.append((path, str(one["code"]), severity, start, end, str(one["message"])))
        assert len(said) > 100
        assert [one[:5] for one in sorted(shown)] == [one[:5] for one in said], how
        for here, there in zip(sorted(shown), said, strict=True):
            assert str(here[5]).startswith(there[5])
