"""Code actions: a fix for each finding, everything at once, "Ignore here"; asked for by kind, resolved or at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.cli.helper import partway
from tests.lsp.client import EVERYWHERE, Client, Editor, at, capabilities
from tests.lsp.samples import GOOSE, INSERT, MYSQL, SCRIPTS, TEXTS, path_of
from tests.lsp.text import edited

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]
FIX_ALL = "source.fixAll.partway"
GUARD_ALL = "source.guardAll.partway"
GUARDED = "Guard every operation in this file"


async def test_the_kinds_of_actions_are_announced(editor: Editor) -> None:
    provider = editor.result.capabilities.code_action_provider
    assert isinstance(provider, types.CodeActionOptions)
    assert {str(getattr(kind, "value", kind)) for kind in provider.code_action_kinds or ()} >= {
        "quickfix",
        FIX_ALL,
        GUARD_ALL,
    }
    assert provider.resolve_provider


async def test_each_finding_has_its_quick_fix(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/001_a.sql", GOOSE)
    fixed = 0
    for finding in await editor.diagnostics(uri):
        if finding.code not in ("unguarded-create", "unguarded-add", "unguarded-drop"):
            continue
        actions = await editor.actions(uri, finding.range, only=["quickfix"], diagnostics=[finding])
        [fix] = [one for one in actions if one.is_preferred and _of(one) == finding.code]
        text = edited(GOOSE, await editor.chosen(fix), editor.encoding)
        fixed += 1
        other = editor.open("actions/db/migrations/002_fixed.sql", text)
        left = [(one.code, one.range.start.line) for one in await editor.diagnostics(other)]
        editor.close(other)
        before = [(one.code, one.range.start.line) for one in await editor.diagnostics(uri)]
        assert len(left) < len(before), fix.title
    assert fixed == 6


async def test_a_fix_is_offered_where_the_finding_is_and_nowhere_else(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/003_where.sql", MYSQL)
    for line, code in ((0, "unguarded-create"), (1, "unguarded-add")):
        fixes = [one for one in await editor.actions(uri, at(line, 3)) if one.is_preferred]
        assert [_of(one) for one in fixes] == [code]
    assert not [one for one in await editor.actions(uri, at(2, 0)) if one.kind == "quickfix"]


async def test_an_unsafe_fix_says_so_and_is_never_preferred(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/004_unsafe.sql", INSERT)
    unsafe = [
        one
        for one in await editor.actions(uri, EVERYWHERE)
        if _of(one) == "repeated-insert" and not one.title.startswith("Ignore")
    ]
    assert unsafe
    for one in unsafe:
        assert not one.is_preferred
        assert "not safe" in one.title
        assert "IGNORE" in edited(INSERT, await editor.chosen(one), editor.encoding)
    everything = await editor.actions(uri, EVERYWHERE, only=[FIX_ALL, GUARD_ALL])
    for one in everything:
        assert "IGNORE" not in edited(INSERT, await editor.chosen(one), editor.encoding)


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["source"], {FIX_ALL, GUARD_ALL}),
        (["source.fixAll"], {FIX_ALL}),
        ([FIX_ALL], {FIX_ALL}),
        ([GUARD_ALL], {GUARD_ALL}),
        (["source.fixAll.eslint"], set()),
        (["source.fix"], set()),
        (["refactor"], set()),
        (["source.organizeImports", "quickfix"], {"quickfix"}),
        ([""], {"quickfix", FIX_ALL, GUARD_ALL}),
        (None, {"quickfix", FIX_ALL}),  # guarding everything is among the quick fixes then
    ],
)
async def test_only_what_is_asked_for_is_offered(
    editor: Editor, only: list[str] | None, kinds: set[str]
) -> None:
    uri = editor.open("actions/db/migrations/005_only.sql", MYSQL)
    assert {str(one.kind) for one in await editor.actions(uri, EVERYWHERE, only=only)} == kinds


async def test_everything_is_guarded_at_once(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/006_all.sql", GOOSE)
    [action] = [one for one in await editor.actions(uri, at(0, 0)) if one.title == GUARDED]
    text = edited(GOOSE, await editor.chosen(action), editor.encoding)
    editor.change(uri, text)
    left = await editor.codes(uri)
    assert not [code for code in left if code.startswith("unguarded")]
    assert GUARDED not in [one.title for one in await editor.actions(uri, EVERYWHERE)]


@pytest.mark.parametrize("name", ["mysql", "goose", "scripts", "separators", "crlf", "cr", "mixed", "tabs"])
async def test_fix_all_does_what_the_command_line_does(editor: Editor, name: str, tmp_path: Path) -> None:
    text = TEXTS[name]
    path = tmp_path / "project" / path_of(name)
    path.parent.mkdir(parents=True)
    (tmp_path / "project/.git").mkdir()
    path.write_bytes(text.encode())
    partway("lint", "--fix", path, cwd=tmp_path)
    uri = editor.open(path.as_uri(), text)
    actions = await editor.actions(uri, at(0, 0), only=[FIX_ALL])
    fixed = edited(text, await editor.chosen(actions[0]), editor.encoding) if actions else text
    assert fixed.encode() == path.read_bytes()
    assert actions
    editor.change(uri, fixed)
    assert await editor.actions(uri, at(0, 0), only=[FIX_ALL]) == []


async def test_ignore_here_hides_the_finding(editor: Editor) -> None:
    for name, text in TEXTS.items():
        uri = editor.open(path_of(f"ignore-{name}"), text)
        found = await editor.diagnostics(uri)
        for action in await editor.actions(uri, EVERYWHERE, only=["quickfix"]):
            if not action.title.startswith("Ignore "):
                continue
            assert not action.is_preferred
            result = edited(text, await editor.chosen(action), editor.encoding)
            other = editor.open(path_of(f"ignored-{name}"), result)
            codes = await editor.codes(other)
            assert codes.count(_of(action)) < [one.code for one in found].count(_of(action)), (
                name,
                action.title,
            )
            assert "unused-suppression" not in codes
            editor.close(other)
        editor.close(uri)


async def test_edits_are_for_the_version_they_were_made_for(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/007_version.sql", MYSQL)
    editor.change(uri, MYSQL + "\n")
    [action] = await editor.actions(uri, at(0, 0), only=[FIX_ALL])
    action = await editor.client.code_action_resolve_async(action)
    assert action.edit is not None
    if editor.name == "neovim":
        # It does not say that it takes versions. A document that has moved on is noticed when the edit is asked for.
        assert action.edit.changes
    else:
        assert action.edit.document_changes
        [change] = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 2


async def test_an_action_for_a_text_that_has_changed_does_nothing(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/008_stale.sql", MYSQL)
    actions = await editor.actions(uri, EVERYWHERE)
    editor.change(uri, (at(0, 0), "-- a new line\n"))
    for action in actions:
        resolved = await editor.client.code_action_resolve_async(action)
        assert resolved.edit is None
    editor.close(uri)
    for action in actions:
        assert (await editor.client.code_action_resolve_async(action)).edit is None


async def test_an_action_that_nobody_made_does_nothing(editor: Editor) -> None:
    uri = editor.open("actions/db/migrations/009_foreign.sql", MYSQL)
    for data in (
        None,
        7,
        {},
        {"uri": uri},
        {"uri": uri, "version": 1},
        {"uri": uri, "version": 1, "fix": 99},
        {"uri": uri, "version": 1, "fix": -1},
        {"uri": uri, "version": 1, "fix": "x"},
        {"uri": uri, "version": 1, "ignore": 99},
        {"uri": uri, "version": 1, "all": "nonsense"},
    ):
        action = types.CodeAction("made up", kind=types.CodeActionKind.QuickFix, data=data)
        assert (await editor.client.code_action_resolve_async(action)).edit is None, data


async def test_an_editor_that_does_not_resolve_gets_the_edits_at_once(tmp_path: Path) -> None:
    capable = capabilities("neovim")
    assert capable.text_document is not None
    assert capable.text_document.code_action is not None
    capable.text_document.code_action.resolve_support = None
    editor = await Editor.start("neovim", tmp_path, capable=capable, client=Client())
    uri = editor.open("db/migrations/001_a.sql", SCRIPTS)
    actions = await editor.actions(uri, EVERYWHERE)
    assert {str(one.kind) for one in actions} == {"quickfix", FIX_ALL}
    assert GUARDED in {one.title for one in actions}
    assert all(one.edit is not None for one in actions if one.disabled is None)
    assert await editor.stop() == 0


async def test_an_editor_that_knows_no_actions_but_commands_is_not_confused(tmp_path: Path) -> None:
    """Nothing is said of literals, kinds, resolving or versions: plain edits it is."""
    capable = types.ClientCapabilities()
    editor = await Editor.start("bare", tmp_path, capable=capable)
    uri = editor.open("db/migrations/001_a.sql", MYSQL)
    assert "unguarded-create" in await editor.codes(uri)
    for action in await editor.actions(uri, EVERYWHERE):
        assert action.edit is not None
        assert action.edit.changes
    assert await editor.stop() == 0


def _of(action: types.CodeAction) -> str:
    """The rule whose finding an action is for."""
    return str(action.diagnostics[0].code) if action.diagnostics else ""
