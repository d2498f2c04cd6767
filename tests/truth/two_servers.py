"""Statements that need a second PostgreSQL server: subscriptions with a replication slot on the publisher."""

from __future__ import annotations

from tests.truth.cases import Case

#: Stands for the publisher's connection string, which is known only when it runs.
PUBLISHER = "dbname=publisher"

_MADE = f"CREATE SUBSCRIPTION mirror CONNECTION '{PUBLISHER}' PUBLICATION news, more"

_STATEMENTS = {
    "create-subscription": (f"CREATE SUBSCRIPTION mirror CONNECTION '{PUBLISHER}' PUBLICATION news", ()),
    "drop-subscription": ("DROP SUBSCRIPTION mirror", (_MADE,)),
    "drop-subscription-if-exists": ("DROP SUBSCRIPTION IF EXISTS mirror", (_MADE,)),
    "refresh": ("ALTER SUBSCRIPTION mirror REFRESH PUBLICATION", (_MADE,)),
    "set-publication": ("ALTER SUBSCRIPTION mirror SET PUBLICATION news", (_MADE,)),
    "add-publication": ("ALTER SUBSCRIPTION mirror ADD PUBLICATION third", (_MADE,)),
    "drop-publication": ("ALTER SUBSCRIPTION mirror DROP PUBLICATION more", (_MADE,)),
}

#: What the publisher has.
PUBLICATIONS = ("CREATE PUBLICATION news", "CREATE PUBLICATION more", "CREATE PUBLICATION third")


def cases(publisher: str = PUBLISHER) -> list[Case]:
    """The cases, for a publisher with that connection string."""
    return [
        Case(
            id=f"subscriptions/{name}",
            statements=(sql.replace(PUBLISHER, publisher),),
            setup=tuple(text.replace(PUBLISHER, publisher) for text in setup),
            above=(),
            session=(),
            since=(),
            until=(),
            only="",
        )
        for name, (sql, setup) in _STATEMENTS.items()
    ]
