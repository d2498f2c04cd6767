"""Every form of URL that tools use, and that none of them shows its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.live.unreachable import Unreachable
from partway.live.url import Address, has_password, masked, read_url, resolve

SECRET = "hush-Zk41"

FORMS = [
    ("postgres://u:{}@h:5433/d", Address("postgresql", "h", 5433, "u", SECRET, "d")),
    ("postgresql://u:{}@h/d", Address("postgresql", "h", None, "u", SECRET, "d")),
    ("postgresql+psycopg2://u:{}@h/d", Address("postgresql", "h", None, "u", SECRET, "d")),
    ("postgresql+asyncpg://u:{}@h/d", Address("postgresql", "h", None, "u", SECRET, "d")),
    ("postgres://u:{}@[::1]:5433/d", Address("postgresql", "::1", 5433, "u", SECRET, "d")),
    ("postgres://u:{}@a:1,b:2/d", Address("postgresql", "a,b", 1, "u", SECRET, "d")),
    (
        "postgres:///d?host=/run/pg&user=u&password={}",
        Address("postgresql", "/run/pg", None, "u", SECRET, "d"),
    ),
    ("mysql://u:{}@h/d", Address("mysql", "h", None, "u", SECRET, "d")),
    ("mysql+pymysql://u:{}@h/d", Address("mysql", "h", None, "u", SECRET, "d")),
    ("mysql2://u:{}@h:3307/d", Address("mysql", "h", 3307, "u", SECRET, "d")),
    ("mysql://u:{}@tcp(h:3307)/d", Address("mysql", "h", 3307, "u", SECRET, "d")),
    ("mysql://u:{}@unix(/tmp/s)/d", Address("mysql", "/tmp/s", None, "u", SECRET, "d")),
    ("mariadb://u:{}@h/d", Address("mariadb", "h", None, "u", SECRET, "d")),
    ("jdbc:postgresql://h:5432/d?user=u&password={}", Address("postgresql", "h", 5432, "u", SECRET, "d")),
    ("jdbc:mysql://h/d?user=u&password={}", Address("mysql", "h", None, "u", SECRET, "d")),
    ("jdbc:mariadb://u:{}@h/d", Address("mariadb", "h", None, "u", SECRET, "d")),
    ("sqlite:////abs/a b.db", Address("sqlite", database="/abs/a b.db")),
    ("sqlite:///rel.db", Address("sqlite", database="rel.db")),
    ("sqlite3:db/x.sqlite3?mode=rwc", Address("sqlite", database="db/x.sqlite3")),
    ("jdbc:sqlite:rel.db", Address("sqlite", database="rel.db")),
    ("file:./dev.db", Address("sqlite", database="./dev.db")),
]


@pytest.mark.parametrize(("url", "address"), FORMS, ids=[url for url, _ in FORMS])
def test_forms(url: str, address: Address) -> None:
    found = read_url(url.format(SECRET))
    assert found == address
    assert SECRET not in f"{found} {found!r} {found.shown} {masked(url.format(SECRET))}"
    assert has_password(url.format(SECRET)) == bool(address.password)


@pytest.mark.parametrize("password", ["p@ss", "p#x", "a/b", "a?b", "ü ß", "100%", "p:q"])
def test_passwords_that_should_have_been_escaped(password: str) -> None:
    found = read_url(f"postgres://u:{password}@h:5432/d")
    assert (found.password, found.host, found.database) == (password, "h", "d")


def test_escaped_password() -> None:
    assert read_url("mysql://u:p%40s%2Fs@h/d").password == "p@s/s"


@pytest.mark.parametrize(
    ("url", "schemas"),
    [
        ("postgres://h/d?options=-csearch_path%3Dtenant,public", ("tenant", "public")),
        ("postgres://h/d?search_path=tenant", ("tenant",)),
        ("jdbc:postgresql://h/d?currentSchema=tenant,public", ("tenant", "public")),
        ("postgresql://h/d?schema=tenant", ("tenant",)),
        ("mysql://h/d?schema=tenant", ()),
    ],
)
def test_search_path(url: str, schemas: tuple[str, ...]) -> None:
    assert read_url(url).schemas == schemas
    assert read_url(url, ["mine"]).schemas == (("mine",))


@pytest.mark.parametrize(
    "url", ["", "x", "oracle://u:p@h/d", "http://h", "postgres:h", "postgres://h:port/d", "sqlite://"]
)
def test_what_is_none(url: str) -> None:
    with pytest.raises(Unreachable) as caught:
        read_url(url)
    assert url == "" or url == "x" or url not in str(caught.value)


@given(st.text(max_size=60))
def test_never_raises_anything_else(text: str) -> None:
    for url in (text, f"postgres://{text}", f"sqlite:{text}", f"jdbc:mysql://{text}"):
        try:
            found = read_url(url)
        except Unreachable:
            continue
        if len(found.password) > 4 and found.password not in f"{found.user}{found.host}{found.database}":
            assert found.password not in repr(found)


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTWAY_A", f"postgres://u:{SECRET}@h/d")
    assert resolve("env:PARTWAY_A", str(tmp_path)).password == SECRET
    (tmp_path / ".env").write_text(
        f"# no\nexport PARTWAY_B='mysql://u:{SECRET}@h/d' # yes\nPARTWAY_C=sqlite:///x.db # x\n"
    )
    assert resolve("env:PARTWAY_B", str(tmp_path)).dialect == "mysql"
    assert resolve("env:PARTWAY_C", str(tmp_path)).database == str(tmp_path / "x.db")
    with pytest.raises(Unreachable, match="PARTWAY_D is not set"):
        resolve("env:PARTWAY_D", str(tmp_path))
