"""The cache gives back what was put in, and is empty whenever anything about it is doubtful."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway import cache as caching
from partway.cache import Cache, default_folder, key
from partway.core.footprint import footprint

NAMES = frozenset({"unguarded-create", "recovery"})


def filled(folder: Path, entries: int = 3) -> Cache:
    cache = Cache(str(folder), "/project")
    for number in range(entries):
        cache.put(f"key{number}", b'{"findings":[%d]}' % number)
    cache.save(NAMES)
    return cache


def test_what_was_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    filled(tmp_path)
    again = Cache(str(tmp_path), "/project")
    assert again.get("key1") == {"findings": [1]}
    assert again.get("other") is None
    assert again.names == NAMES


def test_projects_do_not_share(tmp_path: Path) -> None:
    filled(tmp_path)
    assert Cache(str(tmp_path), "/other").get("key1") is None


def test_a_key_follows_from_bytes_and_facts() -> None:
    keys = {
        key(data, facts) for data in (b"", b"a") for facts in (("a", None), ("a", "b"), (1, (2,)), (1, 2))
    }
    assert len(keys) == 8


def test_another_partway_does_not_take_these_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    monkeypatch.setattr(caching, "__version__", "99")
    again = Cache(str(tmp_path), "/project")
    assert again.get("key1") is None
    assert again.names == frozenset()


@given(st.data())
def test_a_damaged_cache_gives_right_values_or_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    path = filled(folder).path
    content = bytearray(Path(path).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        del content[at:]
    Path(path).write_bytes(bytes(content))
    again = Cache(str(folder), "/project")
    for number in range(3):
        assert again.get(f"key{number}") in (None, {"findings": [number]})


def test_no_changed_bit_gives_one_files_findings_to_another(tmp_path: Path) -> None:
    path = Path(filled(tmp_path).path)
    content = path.read_bytes()
    for at in range(len(content) * 8):
        changed = bytearray(content)
        changed[at // 8] ^= 1 << at % 8
        path.write_bytes(changed)
        again = Cache(str(tmp_path), "/project")
        for number in range(3):
            assert again.get(f"key{number}") in (None, {"findings": [number]}), (at, bytes(changed))


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"[]\n", b'{"maker": 1}\n', b'{"names": []}', b"[" * 100_000]
)
def test_any_other_file_is_an_empty_cache(tmp_path: Path, content: bytes) -> None:
    path = filled(tmp_path).path
    Path(path).write_bytes(content)
    assert Cache(str(tmp_path), "/project").get("key1") is None


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = filled(tmp_path / "file")
    assert not os.path.exists(cache.path)


def test_nothing_is_to_be_written_when_nothing_is_new(tmp_path: Path) -> None:
    path = filled(tmp_path).path
    before = os.stat(path).st_mtime_ns, os.stat(path).st_ino
    again = Cache(str(tmp_path), "/project")
    again.get("key1")
    assert not again.changed
    assert (os.stat(path).st_mtime_ns, os.stat(path).st_ino) == before


def test_a_full_cache_keeps_what_was_used_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, 10)
    monkeypatch.setattr(caching, "_MOST_ENTRIES", 4)
    again = Cache(str(tmp_path), "/project")
    assert again.get("key0")
    assert again.get("key1")
    again.put("new", b"1")
    again.save(NAMES)
    last = Cache(str(tmp_path), "/project")
    assert last.get("new") == 1
    assert last.get("key0")
    assert last.get("key1")
    assert last.get("key2") is None


def test_caches_of_projects_that_are_gone_are_deleted_in_time(tmp_path: Path) -> None:
    old, mine = tmp_path / "0123.findings", tmp_path / "notes.txt"
    for path in (old, mine):
        path.write_text("")
        os.utime(path, (0, 0))
    filled(tmp_path)
    assert not old.exists()
    assert mine.exists()


def test_two_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 20):
            cache = Cache(str(tmp_path), "/project")
            cache.put(f"key{number}", b'{"findings":[%d]}' % number)
            cache.path = str(tmp_path / "shared.findings")
            cache.save(NAMES)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "shared.findings").read_bytes().endswith(b"\n")


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARTWAY_CACHE_DIR", str(tmp_path))
    assert default_folder() == str(tmp_path)
    monkeypatch.delenv("PARTWAY_CACHE_DIR")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert default_folder() == os.path.join("/caches", "partway")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative paths count as unset")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert default_folder() == "/home/somebody/.cache/partway"


def test_a_shortcut_holds_while_what_was_looked_at_is_the_same(tmp_path: Path) -> None:
    settings = tmp_path / "flyway.conf"
    settings.write_text("flyway.url=jdbc:mysql:x")
    missing = str(tmp_path / "compose.yml")
    cache = Cache(str(tmp_path), "/project")
    cache.remember("name", "key", {str(settings): footprint(str(settings)), missing: footprint(missing)})
    cache.save(NAMES)
    assert Cache(str(tmp_path), "/project").shortcut("name") == "key"
    settings.write_text("flyway.url=jdbc:mariadb:x")
    assert Cache(str(tmp_path), "/project").shortcut("name") is None
    cache.remember("name", "key", {str(settings): footprint(str(settings))})
    cache.save(NAMES)
    assert Cache(str(tmp_path), "/project").shortcut("name") == "key"
    (tmp_path / "compose.yml").write_text("")
    assert Cache(str(tmp_path), "/project").shortcut("name") is None
