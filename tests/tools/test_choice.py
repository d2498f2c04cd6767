"""How what is known from several sides comes together."""

from __future__ import annotations

from partway.tools.choice import Choice


def test_what_is_said_later_counts() -> None:
    project = Choice("goose", "postgresql", (15,), settings=(("a", "1"), ("b", "2")))
    assert project.overridden_by(Choice()) == project
    told = project.overridden_by(Choice(tool="sql", transaction="none", settings=(("b", "3"),)))
    assert told == Choice("sql", "postgresql", (15,), "none", (("a", "1"), ("b", "3")))


def test_another_dialect_has_another_version() -> None:
    project = Choice(dialect="postgresql", server=(15,))
    assert project.overridden_by(Choice(dialect="mysql")).server == ()
    assert project.overridden_by(Choice(dialect="postgresql")).server == (15,)
    assert project.overridden_by(Choice(dialect="mysql", server=(8,))).server == (8,)


def test_a_dialect_that_is_given_ends_foreignness() -> None:
    assert Choice(foreign="cockroach").overridden_by(Choice(dialect="postgresql")).foreign == ""
    assert Choice(foreign="cockroach").overridden_by(Choice(tool="sql")).foreign == "cockroach"
