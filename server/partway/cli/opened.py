"""Files to migrations that a database is asked about: each read when its turn comes, in the dialect that is asked."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from partway import inputs
from partway.analysis import Analysis, analyse
from partway.cli.file import File, Options
from partway.cli.options import choice
from partway.cli.reading import failure
from partway.cli.run import Run
from partway.config import Configs
from partway.roots import Roots

if TYPE_CHECKING:
    from partway.surveyed import Given


class Opened:
    """Opens the files of one run, and says how each is read. Without a dialect each is read in its project's."""

    def __init__(
        self, options: argparse.Namespace, dialect: str | None = None, server: tuple[int, ...] = ()
    ) -> None:
        said = choice(options)
        said = said._replace(dialect=said.dialect or dialect, server=said.server or server)
        self._running = Run(Options(choice=said, detect_transaction=options.transaction == "auto"))

    def given(self, files: Sequence[inputs.Input], failures: list[tuple[str, str]]) -> list[Given]:
        """The migrations among these files; what cannot be read is added to `failures`, with the reason."""
        from partway.surveyed import Given
        from partway.tools.history import File as Written

        opened, unreadable = self._running.open(files)
        failures += unreadable
        given = []
        for file in opened:
            try:
                known = self._running.choice(file)
            except Exception as error:  # noqa: BLE001 - a mistake in a reader: the other files are still shown
                failures.append((file.input.shown, failure(error)))
                continue
            if known is not None:
                written = Written(file.input.path, file.source.text)
                tool = known.tool or "sql"
                read = self._reader(file, failures)
                given.append(
                    Given(
                        file.input.shown,
                        written,
                        tool,
                        dict(known.settings),
                        read,
                        self._running.dialect(file),
                    )
                )
        return given

    def around(self, files: Sequence[inputs.Input], configs: Configs) -> list[Given]:
        """The other migrations of these files' projects: what a migration's books say hangs on them. The project's, for
        a configuration may hold for more, or where there is none for a whole disk. Raises ConfigError."""
        tops, named = Roots(), {one.path for one in files}
        roots = sorted({tops.of(os.path.dirname(one.path)) for one in files})
        return self.given([one for one in inputs.gather(roots, configs).files if one.path not in named], [])

    def _reader(self, file: File, failures: list[tuple[str, str]]) -> Callable[[], Analysis | None]:
        def read() -> Analysis | None:
            try:
                migration = self._running.migration(file)
                return analyse(migration, ()) if migration is not None else None
            except Exception as error:  # noqa: BLE001 - a mistake in a reader: the other files are still shown
                failures.append((file.input.shown, failure(error)))
                return None

        return read
