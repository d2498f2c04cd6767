"""What a tracking table says of one migration, also in words: recorded or not, edited since, what has run after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from partway.tools.history import (
    Entry,
    File,
    History,
    HistoryModule,
    Holder,
    Lock,
    Order,
    Record,
    history_of,
)
from partway.tools.tracking import in_words


class Recorded(NamedTuple):
    """What the tracking table says of one migration.

    `entry` is the row that counts, if there is one. `edited` says whether the file was changed since it ran, None where
    the tool does not keep what would tell. `later` are the migrations after it that have run, `earlier` those before it
    that have not, both in the tool's order. `words` is one sentence without a full stop.
    """

    identity: str
    record: Record
    entry: Entry | None = None
    edited: bool | None = None
    later: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    words: str = ""


def done(history: History, order: Order) -> frozenset[str]:
    """The identities of an order that have run."""
    module = history_of(history.tool)
    own: Callable[[History, Order], frozenset[str]] | None = getattr(module, "reached", None)
    if own is not None:
        return own(history, order)
    return frozenset(
        module.key(entry.identity) for entry in history.entries if entry.record is Record.RECORDED
    )


def pending(history: History, order: Order) -> tuple[str, ...]:
    """The identities of an order that have not run, those that failed included, in the tool's order."""
    ran = done(history, order)
    return tuple(item.identity for item in order.items if item.identity not in ran)


class Register:
    """A history and its order, made ready for questions about many files. `ran` are the identities that have run."""

    def __init__(self, history: History, order: Order) -> None:
        self.history = history
        self.order = order
        self.ran = done(history, order)
        self._module = history_of(history.tool)
        self._items = {item.path: item for item in order.items}
        self._entries = {self._module.key(entry.identity): entry for entry in history.entries}

    def recorded(self, file: File, around: bool = True) -> Recorded:
        """What the history says of the migration in this file; of one that is not in the order, `unknown`. Without
        `around` nobody looks for what comes before and after it, which takes time. Never raises."""
        module, ran = self._module, self.ran
        item = self._items.get(file.path)
        if item is None:
            return Recorded("", Record.UNKNOWN, words="the tool does not run this file by itself")
        entry = self._entries.get(module.key(item.identity))
        record = _record(self.history, entry, item.identity in ran)
        partly = [each for each in item.replaces if each in ran]
        if record is Record.NOT_RECORDED and partly:
            record = Record.UNKNOWN
        later: tuple[str, ...] = ()
        earlier: tuple[str, ...] = ()
        if around:
            later = tuple(each for each in self.order.after(item.identity) if each in ran)
            earlier = tuple(each for each in self.order.before(item.identity) if each not in ran)
        changed = _edited(module, entry, file) if record is not Record.NOT_RECORDED else None
        words = _words(self.history, record, entry, changed, later, partly)
        return Recorded(item.identity, record, entry, changed, later, earlier, words)


def recorded(history: History, order: Order, file: File) -> Recorded:
    """What the history says of the migration in this file, as `Register.recorded`."""
    return Register(history, order).recorded(file)


def _record(history: History, entry: Entry | None, ran: bool) -> Record:
    if not history.present:
        return Record.NOT_RECORDED
    if entry is not None and entry.record is not Record.RECORDED:
        return entry.record
    return Record.RECORDED if ran or entry is not None else Record.NOT_RECORDED


def _edited(module: HistoryModule, entry: Entry | None, file: File) -> bool | None:
    own: Callable[[Entry, File], bool | None] | None = getattr(module, "edited", None)
    return own(entry, file) if own is not None and entry is not None else None


def _words(
    history: History,
    record: Record,
    entry: Entry | None,
    changed: bool | None,
    later: tuple[str, ...],
    partly: list[str],
) -> str:
    said = {
        Record.RECORDED: "recorded as applied",
        Record.FAILED: "recorded as failed",
        Record.DIRTY: "recorded as dirty: it began and did not end",
        Record.NOT_RECORDED: "not recorded",
        Record.UNKNOWN: f"recorded in part: it stands for {in_words(partly)}, and others",
    }[record]
    if not history.present:
        said = f"not recorded: there is no table {history.table}"
    if entry is not None and entry.at:
        said += f" ({entry.at}{f' by {entry.by}' if entry.by else ''})"
    if changed:
        said += "; the file was edited since"
    if record is not Record.RECORDED and later:
        said += f"; later than it, {in_words(later)} {'has' if len(later) == 1 else 'have'} run"
    return said


def held(lock: Lock, holders: Iterable[Holder]) -> str:
    """In words that a tool runs at this moment; empty where nobody holds its lock."""
    found = [
        f"session {holder.session}"
        + (f" of {holder.user}" if holder.user else "")
        + (f" since {holder.since}" if holder.since else "")
        for holder in holders
    ]
    return f"in progress: another session holds {lock.name} ({', '.join(found)})" if found else ""
