"""Subscriptions between two real PostgreSQL servers: what the rows say of those that have a slot on the publisher."""

from __future__ import annotations

import time

import pytest

from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.truth.cases import Case
from tests.truth.observe import Workbench, observe
from tests.truth.reach import reached
from tests.truth.two_servers import PUBLICATIONS, cases


class TwoServers(Workbench):
    """A workbench that also empties the publisher of the subscriber's slots."""

    def __init__(self, lab: Lab, publisher: Lab) -> None:
        super().__init__(lab)
        self._publisher = publisher

    def prepare(self, case: Case) -> None:
        self.lab.fresh()
        self.drop_slots()
        super().prepare(case)

    def leave(self, case: Case) -> None:
        """Nothing is left to the next case, which has to begin without a slot."""

    def drop_slots(self) -> None:
        """Drop the slots of subscriptions that are gone; their senders need a moment to notice."""
        for _ in range(100):
            self._publisher.rows(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active"
            )
            self._publisher.rows(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active"
            )
            if not self._publisher.rows("SELECT FROM pg_replication_slots"):
                return
            time.sleep(0.05)
        pytest.fail("the publisher keeps a replication slot")


@pytest.mark.parametrize(
    ("subscriber", "publisher"), [("postgresql18", "postgresql15"), ("postgresql15", "postgresql18")]
)
def test_subscriptions_do_what_the_rows_say(subscriber: str, publisher: str, labs: Labs) -> None:
    lab, other = labs(subscriber), labs(publisher)
    other.fresh()
    other.execute(*PUBLICATIONS)
    bench = TwoServers(lab, other)
    wrong = []
    try:
        for case in cases(other.url):
            verdict = observe(bench, case)
            ((action, row),) = reached(case, lab.dialect, lab.server_version)
            assert row is not None
            said = {"repeat": action.repeat, "in_transaction": row.transaction}
            if {key: verdict[key] for key in said} != said:
                wrong.append((case.sql, said, verdict))
    finally:
        lab.fresh()
        bench.drop_slots()
    assert not wrong
