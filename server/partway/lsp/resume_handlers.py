"""The command that writes a resume migration: asks the database, opens the new file, says what is left to do."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from partway.finishing import Assumed, Finish
from partway.live.unreachable import Unreachable
from partway.lsp.documents import path_of, uri_of
from partway.lsp.handlers import answered
from partway.lsp.live_handlers import uri_in
from partway.lsp.protocol import Raw
from partway.lsp.server import Server
from partway.tools.resuming import CannotResume

_RAN, _DID_NOT = "It has run", "It has not run"


@answered(lambda: None)
async def resume(ls: Server, *asked: Any) -> Any:
    """Write the resume migration of the file with this `uri` for the chosen database; without one, guarded from the
    first operation. `applied` and `pending` are numbers of operations of which the caller says whether they ran.

    The answer holds `path`, `uri`, `text` and `opened` (whether the editor shows it), and `next`, what remains to be
    done; where there is none, `refused` with `advice` and `query`.
    """
    uri = uri_in(asked)
    if uri is None:
        return None
    said = asked[0] if asked and isinstance(asked[0], dict) else {}
    assumed = Assumed(_numbers(said.get("applied")), _numbers(said.get("pending")))
    while True:
        try:
            finish = await _finish(ls, path_of(uri), assumed)
        except CannotResume as refusal:
            further = await _ask(ls, refusal, assumed)
            if further is None:
                return Raw(refused=refusal.reason, advice=refusal.advice, query=refusal.query)
            assumed = further
        except Unreachable as error:
            _show(ls, types.MessageType.Error, str(error))
            return Raw(refused=str(error), advice="", query="")
        else:
            return await _opened(ls, uri, finish)


def _numbers(said: Any) -> frozenset[int]:
    return frozenset(one for one in said if isinstance(one, int)) if isinstance(said, list) else frozenset()


async def _finish(ls: Server, path: str, assumed: Assumed) -> Finish:
    """Raises CannotResume, Unreachable."""
    name = ls.live.database
    if name is not None:
        return await ls.live.finish(name, path, assumed)
    from partway.lsp.unasked import unasked

    folder, typed = ls.around(path), {one.path: one.source.text for one in ls.documents}
    return await ls.jobs.run(lambda: unasked(ls.judge, path, folder, typed, assumed))


async def _ask(ls: Server, refusal: CannotResume, assumed: Assumed) -> Assumed | None:
    """Whether the operation ran that nobody but the user knows of; None where that is not the question, or not said."""
    number = refusal.undecided
    if number is None or number in assumed.applied | assumed.pending:
        words = f"{refusal.reason}. {refusal.advice}" if refusal.advice and number is None else refusal.reason
        _show(ls, types.MessageType.Warning, words)
        return None
    actions = [types.MessageActionItem(_RAN), types.MessageActionItem(_DID_NOT)]
    question = f"Partway: {refusal.reason}. Look at the rows: did it run?"
    params = types.ShowMessageRequestParams(types.MessageType.Warning, question, actions)
    chosen = await ls.window_show_message_request_async(params)
    if chosen is None:
        return None
    if chosen.title == _RAN:
        return assumed._replace(applied=assumed.applied | {number})
    return assumed._replace(pending=assumed.pending | {number})


async def _opened(ls: Server, uri: str, finish: Finish) -> Raw:
    from partway.lsp.new_files import open_new

    resumed = finish.resumed
    made = uri_of(resumed.path)
    problem = await open_new(ls, finish)
    if problem:
        _show(ls, types.MessageType.Warning, problem)
    steps = _next(finish, uri)
    if not problem:
        _show(ls, types.MessageType.Info, " ".join(steps))
    return Raw(path=resumed.path, uri=made, text=resumed.text, opened=not problem, next=steps)


def _next(finish: Finish, uri: str) -> list[str]:
    """What remains to be done, a sentence each."""
    name = path_of(uri).replace("\\", "/").rpartition("/")[2]
    said = ["Save the resume migration."]
    marking = finish.marking
    if marking is not None and not marking.refusal:
        said.append(f"Mark {name} as done: {' '.join(marking.typed)}")
    said.append("Run the tool as usual." if finish.resumed.identity else "Run the new file.")
    return [*said, *(f"{note}." for note in finish.resumed.notes)]


def _show(ls: Server, kind: types.MessageType, words: str) -> None:
    ls.window_show_message(types.ShowMessageParams(kind, f"Partway: {words}"))
