"""Diagnostics: published or asked for, by document; what they carry; where there are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.client import Editor
from tests.lsp.samples import GOOSE, INSERT, MYSQL

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]


async def test_the_editor_is_told_how_it_gets_its_diagnostics(editor: Editor) -> None:
    """An editor that the server cannot tell to ask again has them published: else a changed configuration would
    leave old ones standing."""
    assert editor.pulls == editor.name.endswith("-pulling")
    sync = editor.result.capabilities.text_document_sync
    assert isinstance(sync, types.TextDocumentSyncOptions)
    assert sync.change == types.TextDocumentSyncKind.Incremental
    assert sync.open_close


async def test_a_migration_has_its_findings(editor: Editor) -> None:
    uri = editor.open("db/migrations/001_a.sql", MYSQL)
    found = await editor.diagnostics(uri)
    assert {str(one.code) for one in found} == {"unguarded-create", "unguarded-add", "half-done-possible"}
    for one in found:
        assert one.source == "partway"
        assert one.severity is not None
        assert one.message
        assert one.range.start.line < 2
    create = next(one for one in found if one.code == "unguarded-create")
    assert (create.range.start.line, create.range.start.character) == (0, 0)


async def test_the_rule_s_page_is_one_click_away(editor: Editor) -> None:
    uri = editor.open("db/migrations/002_page.sql", MYSQL)
    for one in await editor.diagnostics(uri):
        assert one.code_description is not None
        href = one.code_description.href
        assert href.startswith("file://")
        page = Path(href.removeprefix("file://"))
        assert page.read_text(encoding="utf-8").startswith(f"# {one.code}\n")


async def test_what_is_typed_is_judged_at_once(editor: Editor) -> None:
    uri = editor.open("db/migrations/003_typed.sql", "\nALTER TABLE a ADD COLUMN b int;\n")
    assert "unguarded-create" not in await editor.codes(uri)
    text = ""
    for letter in MYSQL.split("\n")[0]:
        end = types.Position(0, len(text))
        editor.change(uri, (types.Range(end, end), letter))
        text += letter
    assert "unguarded-create" in await editor.codes(uri)
    editor.change(uri, (types.Range(types.Position(0, 12), types.Position(0, 12)), " IF NOT EXISTS"))
    assert "unguarded-create" not in await editor.codes(uri)


async def test_changes_of_one_notification_follow_each_other(editor: Editor) -> None:
    uri = editor.open("db/migrations/004_several.sql", "ab\ncd\n")
    editor.change(
        uri,
        "CREATE x TABLE a (id int) ENGINE = InnoDB;\n",
        (types.Range(types.Position(0, 7), types.Position(0, 9)), ""),
        (types.Range(types.Position(1, 0), types.Position(1, 0)), "DROP TABLE b;"),
    )
    assert set(await editor.codes(uri)) >= {"unguarded-create", "unguarded-drop"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("queries/report.sql", "SELECT 1;\n"),
        ("notes.txt", MYSQL),
        ("untitled:Untitled-1", MYSQL),
        ("src/app.py", "import os\n"),
        ("git:/somewhere/db/migrations/001_a.sql?HEAD", MYSQL),
    ],
)
async def test_what_is_no_migration_is_left_in_peace(editor: Editor, name: str, text: str) -> None:
    uri = editor.open(name, text)
    assert await editor.diagnostics(uri) == []
    assert await editor.actions(uri, types.Range(types.Position(0, 0), types.Position(5, 0))) == []
    assert await editor.symbols(uri) == []
    assert await editor.hover(uri, 0, 3) is None
    editor.close(uri)


@pytest.mark.parametrize(
    "name",
    [
        "with spaces/db/migrations/001 first one.sql",
        "日本語/db/migrations/001_役割.sql",
        "100%25 done/db/migrations/001_a%20b.sql",
        "c#/db/migrations/001_what?.sql",
        "a+b&c=d;e/db/migrations/001_[x]{y}.sql",
    ],
)
async def test_any_path_will_do(editor: Editor, name: str) -> None:
    plain = editor.write(name, MYSQL)
    uri = editor.open(name, MYSQL)
    assert uri == plain
    assert "unguarded-create" in await editor.codes(uri)


async def test_a_path_may_be_encoded_in_every_letter(editor: Editor) -> None:
    """Editors differ in what they encode; Visual Studio Code writes %3A where Neovim writes a colon."""
    path = str(editor.folder / "db/migrations/009_e.sql")
    uri = "file://" + "".join(one if one == "/" else f"%{ord(one):02x}" for one in path)
    editor.open(uri, MYSQL)
    assert "unguarded-create" in await editor.codes(uri)


async def test_a_document_whose_file_is_deleted_underneath_lives_on(editor: Editor) -> None:
    uri = editor.write("gone/db/migrations/001_a.sql", MYSQL)
    editor.open("gone/db/migrations/001_a.sql", MYSQL)
    before = await editor.codes(uri)
    path = editor.folder / "gone/db/migrations/001_a.sql"
    path.unlink()
    path.parent.rmdir()
    editor.change(uri, MYSQL + "DROP TABLE z;\n")
    assert set(await editor.codes(uri)) == {*before, "unguarded-drop"}


async def test_a_closed_document_has_none(editor: Editor) -> None:
    uri = editor.open("db/migrations/010_closed.sql", MYSQL)
    assert await editor.diagnostics(uri)
    editor.close(uri)
    await editor.settled()
    if editor.pulls:
        report = await editor.pull(uri)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert not report.items
    else:
        assert not editor.client.diagnostics[uri]


async def test_published_diagnostics_say_which_version_they_are_for(editor: Editor) -> None:
    if editor.pulls:
        return  # this one asks for them
    uri = editor.open("db/migrations/011_version.sql", MYSQL)
    await editor.settled()
    assert editor.client.published[uri].version == 1
    editor.change(uri, MYSQL + "\n")
    await editor.settled()
    assert editor.client.published[uri].version == 2


async def test_an_answer_that_is_still_right_is_not_sent_again(editor: Editor) -> None:
    uri = editor.open("db/migrations/012_same.sql", GOOSE)
    first = await editor.pull(uri)
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert first.result_id
    again = await editor.pull(uri, first.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    assert again.result_id == first.result_id
    editor.change(uri, GOOSE + "\nSELECT 1;")
    changed = await editor.pull(uri, first.result_id)
    assert isinstance(changed, types.RelatedFullDocumentDiagnosticReport)
    assert changed.result_id != first.result_id
    editor.change(uri, GOOSE)
    back = await editor.pull(uri, first.result_id)
    assert isinstance(back, types.RelatedUnchangedDocumentDiagnosticReport)
    assert isinstance(await editor.pull(uri, "made up"), types.RelatedFullDocumentDiagnosticReport)


async def test_a_document_that_was_never_opened_has_an_empty_answer(editor: Editor) -> None:
    report = await editor.pull(editor.uri("db/migrations/099_never.sql"))
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert not report.items


async def test_a_long_document_is_judged_too(editor: Editor) -> None:
    text = "".join(f"CREATE TABLE t{number} (id int) ENGINE = InnoDB;\n" for number in range(3000))
    uri = editor.open("db/migrations/013_long.sql", text)
    editor.change(uri, (types.Range(types.Position(0, 0), types.Position(0, 0)), "DROP TABLE z;\n"))
    found = await editor.codes(uri)
    assert found.count("unguarded-create") == 3000
    assert found.count("unguarded-drop") == 1
    editor.close(uri)


async def test_a_rewritten_ignore_that_hides_nothing_is_shown_faded(editor: Editor) -> None:
    text = "-- partway: ignore[unguarded-drop]\nCREATE TABLE IF NOT EXISTS a (id int) ENGINE = InnoDB;\n"
    uri = editor.open("db/migrations/014_unused.sql", text)
    [found] = await editor.diagnostics(uri)
    assert found.code == "unused-suppression"
    assert list(found.tags or []) == [types.DiagnosticTag.Unnecessary]


async def test_an_unsafe_insert_is_found(editor: Editor) -> None:
    uri = editor.open("db/migrations/015_insert.sql", INSERT)
    assert "repeated-insert" in await editor.codes(uri)
    assert os.path.isdir(editor.folder)
