"""Handlers of what is shown of a database, and of the commands about it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types

from partway.lsp.documents import path_of
from partway.lsp.handlers import answered
from partway.lsp.live_settings import is_name
from partway.lsp.protocol import Raw
from partway.lsp.server import Server

logger = logging.getLogger("partway")


@answered(list)
async def code_lenses(ls: Server, params: types.CodeLensParams) -> Any:
    """How a migration stands in the database, and what can be done about that."""
    from partway.lsp import lenses

    document = ls.documents.get(params.text_document.uri)
    if not ls.live.trusted or document is None:
        return []
    linted = await ls.linted_soon(document)
    if linted is None:
        return []
    uri, database = document.uri, ls.live.database
    if database is None:
        return lenses.to_choose(uri) if await _known(ls, document.path) else []
    shown = ls.live.shown(document, linted.migration)
    if shown is not None:
        answer, _ = shown
        return lenses.answered(uri, answer, edited=answer.text != document.source.text)
    failure = ls.live.failure(document.path)
    if failure is not None:
        return lenses.unanswered(uri, database, failure.words)
    return lenses.asking(uri, database) if ls.live.asking(uri) else lenses.to_ask(uri, database)


@answered(list)
async def inlay_hints(ls: Server, params: types.InlayHintParams) -> Any:
    """What is true of each operation in a stretch of a document."""
    from partway.lsp.hints import hints

    document = ls.documents.get(params.text_document.uri)
    if document is None or document.uri not in ls.live.answers:
        return []
    linted = await ls.linted_soon(document)
    shown = ls.live.shown(document, linted.migration if linted is not None else None)
    if shown is None:
        return []
    return hints(document, *shown, document.positions.span(params.range))


async def _known(ls: Server, path: str) -> list[dict[str, Any]]:
    """The databases that can be chosen for a file or folder, with where each comes from; read, not contacted."""
    from partway.lsp.choosing import known

    config = ls.judge.config(path)
    return await ls.jobs.run(lambda: known(config))


@answered(list)
async def databases(ls: Server, *asked: Any) -> Any:
    """The databases that can be chosen: for a document, else for every folder of the workspace."""
    from partway.lsp.workspace import workspace_folders

    if not ls.live.trusted:
        return []
    uri = uri_in(asked)
    paths = [path_of(uri)] if uri else [f"{folder}/." for folder in workspace_folders(ls)]
    found: dict[str, Raw] = {}
    for path in paths:
        for one in await _known(ls, path):
            found.setdefault(one["name"], Raw(one, chosen=one["name"] == ls.live.database))
    return list(found.values())


@answered(lambda: None)
def use_database(ls: Server, *asked: Any) -> Any:
    """Ask this database from here on, or none. The name that is asked then; None for none."""
    name = asked[0] if asked else None
    name = name.get("name") if isinstance(name, dict) else name
    if name is None or is_name(name):
        ls.live.choose(name or None)
    else:
        # Not the value itself: it may hold a password.
        message = "Partway: a database is chosen by its name in partway.toml, or as env:NAME, not by a URL"
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
    return ls.live.database


@answered(lambda: None)
async def choose_database(ls: Server, *asked: Any) -> Any:
    """Let the user choose one of the databases that are known. The name that is asked then; None for none."""
    found = await databases(ls, *asked)
    if not found:
        return ls.live.database
    actions = [types.MessageActionItem(one["name"]) for one in found]
    question = types.ShowMessageRequestParams(
        types.MessageType.Info, "Partway: the database to ask what is applied", actions
    )
    chosen = await ls.window_show_message_request_async(question)
    return use_database(ls, chosen.title) if chosen is not None else ls.live.database


@answered(lambda: None)
async def refresh_status(ls: Server, *asked: Any) -> Any:
    """Ask anew about a document, or about all that are open. What `partway status --format json` says of it."""
    uri = uri_in(asked)
    wanted = [ls.documents.get(uri)] if uri else list(ls.documents)
    tasks = [ls.live.ask_soon(document, by_hand=True) for document in wanted if document is not None]
    for task in tasks:
        if task is not None:
            await _ended(task)
    ls.live.news.tell()
    answers = [ls.live.answers.get(document.uri) for document in wanted if document is not None]
    said = [Raw(answer.said) for answer in answers if answer is not None]
    return said if uri is None else said[0] if said else None


@answered(lambda: None)
async def project_status(ls: Server, *_asked: Any) -> Any:
    """How every migration of the workspace stands; None where nothing may be asked."""
    from partway.lsp.project_status import project_status as asked

    return await asked(ls) if ls.live.trusted else None


@answered(lambda: None)
async def migration_status(ls: Server, *asked: Any) -> Any:
    """What `partway status --format json` says of one migration, which need not be open; None where that is nothing."""
    from partway.live.unreachable import Unreachable

    uri, name = uri_in(asked), ls.live.database
    if uri is None or name is None:
        return None
    path = path_of(uri)
    try:
        with ls.live.progress.during(f"Partway: asking {name}"):
            looked = await ls.live.look(name, path)
    except Unreachable:
        return None  # which has been said
    return Raw(looked.said) if looked is not None else None


async def _ended(task: Any) -> None:
    """Wait for a question; one that is given up for another, or because its document was closed, is over too."""
    await asyncio.wait([task])


@answered(lambda: None)
async def show_status(ls: Server, *asked: Any) -> Any:
    """Say how a migration stands, in a sentence; where the database could not be asked, why."""
    uri = uri_in(asked)
    if uri is None:
        return None
    answer, failure = ls.live.answers.get(uri), ls.live.failure(path_of(uri))
    if answer is not None:
        point = answer.standing.point
        said = f"{answer.said['sentence']} ({answer.database})"
        if point is not None and 0 <= point.after + 1 < len(answer.standing.states):
            said += f"\n{answer.standing.states[point.after + 1].reason}"
    elif failure is not None:
        said = failure.message
    else:
        return None
    ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"Partway: {said}"))
    return Raw(answer.said) if answer is not None else None


def uri_in(asked: tuple[Any, ...]) -> str | None:
    """The document that a command is about, which editors name in different ways; None for none."""
    named = asked[0] if asked else None
    uri = named.get("uri") if isinstance(named, dict) else getattr(named, "uri", named)
    return uri if isinstance(uri, str) and uri else None
