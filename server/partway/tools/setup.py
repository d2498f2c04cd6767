"""Everything a tool's reader is told: what was chosen, with nothing left open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from partway.core.migration import Mode, TransactionMode
from partway.dialects.dialect import Dialect, Version

if TYPE_CHECKING:
    from partway.sql.earlier import Earlier
    from partway.tools.beside import Beside


class Setup(NamedTuple):
    """How a file is to be read.

    `dialect_assumed` says that nothing named the dialect; `forced` is the transaction mode that a flag or the
    configuration demands, None for the tool's own. `settings` as in `Choice`. `earlier` is what was read of the text's
    version before, if anything. `beside` are the project's other files, None where nobody can look at them.
    """

    tool: str
    dialect: Dialect
    server: Version = ()
    dialect_assumed: bool = False
    forced: Mode | None = None
    settings: Mapping[str, str] = {}
    earlier: Earlier | None = None
    beside: Beside | None = None

    def transaction(self, mode: TransactionMode) -> TransactionMode:
        """The tool's own transaction mode, unless another one is demanded."""
        if self.forced is None or (self.forced is mode.mode and not mode.implicit):
            return mode
        return TransactionMode(
            self.forced, f"the configuration says that migrations run {_SAID[self.forced]}"
        )

    def on(self, setting: str) -> bool:
        """Whether a setting of the tool's is switched on."""
        return self.settings.get(setting, "").lower() in ("true", "1", "yes", "t")


_SAID = {
    Mode.PER_MIGRATION: "each in a transaction of its own",
    Mode.NONE: "without a transaction",
    Mode.WHOLE_RUN: "all in one transaction",
}
