"""Every guard, run on the engine it is for: twice on an empty database, and where the work is already done."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.guards.cases import CASES, DROP_FIRST, Case
from tests.guards.helper import guarded, operations, read, run, version

#: Kinds of statements that guards add.
_ADDED = {
    "drop-policy",
    "drop-trigger",
    "drop-event-trigger",
    "drop-index",
    "set",
    "prepare",
    "deallocate",
    "select",
}


def _id(case: Case) -> str:
    return f"{case.engine}: {' '.join(case.statement.split())[:60]}"


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_guard(case: Case, labs: Labs) -> None:
    """Guarded text run twice, or after the plain one, leaves what one plain run leaves."""
    lab = labs(case.engine)
    server = version(lab)
    fixed = guarded(case.statement, lab.dialect, server, fresh=case.fresh)
    assert fixed.safe
    for fix in fixed.fixes:
        assert fix is not None
        assert case.title in fix.title

    lab.fresh()
    run(lab, case.setup)
    run(lab, case.statement)
    plain = lab.dump()
    run(lab, fixed.text)
    assert lab.dump() == plain, "not the same where it was already done"

    lab.fresh()
    run(lab, case.setup)
    run(lab, fixed.text)
    assert lab.dump() == plain, "once guarded is not once plain"
    run(lab, fixed.text)
    assert lab.dump() == plain, "a second run changed something"


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_guarded_text_is_read(case: Case, labs: Labs) -> None:
    """The result parses, makes what the original made, and has nothing left to guard."""
    lab = labs(case.engine)
    server = version(lab)
    fixed = guarded(case.statement, lab.dialect, server, fresh=case.fresh)
    assert not read(fixed.text, lab.dialect, server).troubles
    made = operations(fixed.text, lab.dialect, server)
    assert "opaque" not in [operation.kind for operation in made]
    if (
        case.title != DROP_FIRST
    ):  # that guard is another statement: analysis sees it, a single operation does not
        again = guarded(fixed.text, lab.dialect, server, fresh=case.fresh)
        assert again.text == fixed.text
        assert not any(again.fixes)
    wanted = [
        action.kind
        for operation in operations(case.statement, lab.dialect, server)
        for action in operation.actions
    ]
    found = [action.kind for operation in made for action in operation.actions]
    assert wanted == [kind for kind in found if kind in wanted or kind not in _ADDED]
