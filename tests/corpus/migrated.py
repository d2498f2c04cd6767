"""Migrations of Rails and Alembic run to their end by the real tool, for `tests.corpus.applied`.

What a migration wants of its application is not there. For Rails a model that nobody defines is an empty one on the
table that its name means; what more there has to be is Ruby that is loaded `before`, and `Migration[7.0]` and younger
ones have to be written down to the version that runs them. For Alembic the ordinary `env.py` runs the revisions, or
the one that is given as `before`; what they import is looked for on PYTHONPATH.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.corpus.folders import migrations
from tests.engines.lab import Lab
from tests.runners.alembic.runner import COMMAND as ALEMBIC
from tests.runners.alembic.runner import AlembicProject, AlembicRunner, revision_of
from tests.runners.rails.runner import COMMAND as RAILS
from tests.runners.rails.runner import RailsProject, RailsRunner
from tests.runners.runner import Runner
from tests.runners.worker import Died, Worker

#: So that migrations find the models of their application.
_BEFORE = """\
class ApplicationRecord < ActiveRecord::Base
  self.abstract_class = true
end
Time.zone = "UTC"
module Standing
  def self.model(name)
    return unless name.match?(/\\A[A-Z][a-z]\\w*\\z/)
    Object.const_set(name, Class.new(ActiveRecord::Base) { self.inheritance_column = nil })
  end
end
module Rails
  def self.logger
    @logger ||= Logger.new(File::NULL)
  end
end
class Module
  def const_missing(name)
    Standing.model(name.to_s) || super
  end
end
"""


class Ran(NamedTuple):
    """What became of a file: its path, and what the tool said; empty where it has run."""

    path: str
    error: str


def tool_of(folder: str) -> str:
    """`rails` or `alembic`, where a folder holds migrations of theirs; empty where it does not."""
    return next((found.choice.tool or "" for found in _found(folder)), "")


def _found(folder: str) -> Iterator[Any]:
    return (one for one in migrations(folder, (".rb", ".py")) if one.choice.tool in ("rails", "alembic"))


def run(folder: str, tool: str, lab: Lab, before: str = "") -> list[Ran]:
    """Run a folder's migrations in their order, each by itself: where one fails, the next ones still run."""
    # Their paths are from the top of their project.
    paths = {
        os.path.basename(one.source.path): os.path.join(one.beside.base, one.source.path)
        for one in _found(folder)
    }
    texts = {name: Path(path).read_text() for name, path in paths.items()}
    with tempfile.TemporaryDirectory(prefix="partway-") as temporary:
        # A worker's environment is its own.
        looked_in = "env", f"PYTHONPATH={os.environ.get('PYTHONPATH', '')}"
        worker = Worker(RAILS if tool == "rails" else (*looked_in, *ALEMBIC), Path(temporary))
        runner: Runner[Any]
        if tool == "rails":
            texts = {
                name: text
                for name, text in texts.items()
                if re.fullmatch(r"\d+_[a-z0-9_]+(\.[a-z0-9_]+)?\.rb", name)
            }
            runner = RailsRunner(lab, worker)
            runner.load(RailsProject(files=texts, initializer=_BEFORE + before))
            order = sorted(texts, key=lambda name: int(name.partition("_")[0]))
        else:
            runner = AlembicRunner(lab, worker)
            runner.load(AlembicProject(files=texts, env=before))
            order = list(_chain(texts))
        try:
            if (
                runner.tool == "alembic" and runner.migrate().ok
            ):  # it reads all files anew for each that is named
                return [Ran(paths[name], "") for name in order]
            done = runner.history()
            return [Ran(paths[name], "" if name in done else _one(runner, name)) for name in order]
        finally:
            runner.close()
            worker.close()


def _one(runner: Runner[Any], name: str) -> str:
    try:
        error = runner.up(name).error
    except Died as died:
        error = str(died)
    if error and runner.tool == "alembic":
        runner.mark(name, applied=True)  # those after it stand upon it
    return error.splitlines()[0] if error else ""


def _chain(texts: Mapping[str, str]) -> Iterator[str]:
    """Revisions, each after those that it stands upon."""
    known = dict(revision_of(name, text) for name, text in texts.items())
    done: set[str] = set()
    waiting = sorted(known)
    while waiting:
        ready = [one for one in waiting if all(each in done or each not in known for each in known[one][1])]
        if not ready:
            return
        for one in ready:
            done.add(one)
            yield known[one][0]
        waiting = [one for one in waiting if one not in done]
