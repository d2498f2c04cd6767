"""Resume migrations for golang-migrate's x-multi-statement hold no semicolon but those that end statements."""

from __future__ import annotations

import pytest

from partway.tools.golang_migrate.cutting import uncut
from partway.tools.resuming import CannotResume
from tests.engines.plugin import Labs

TEXT = """\
-- Finishes it; really.

CREATE TABLE IF NOT EXISTS a (id int);

DO $partway$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'it''s \\x') THEN
        EXECUTE $sql$COMMENT ON TABLE a IS E'\\ttab'$sql$;
    END IF;
END
$partway$;
"""


def test_each_piece_runs(labs: Labs) -> None:
    text = uncut(TEXT, "postgresql")
    pieces = [f"{piece};" for piece in text.split(";") if piece.strip()]
    assert len(pieces) == 2
    assert "Finishes it, really" in text
    lab = labs("postgresql18")
    lab.fresh()
    lab.execute(*pieces)
    assert lab.rows("SELECT obj_description('a'::regclass)") == [("\ttab",)]


def test_a_semicolon_that_stays_inside_is_refused() -> None:
    with pytest.raises(CannotResume, match="cuts the file at every semicolon"):
        uncut("-- x\n\nINSERT INTO a VALUES ('a;b');\n", "postgresql")
