"""`make demo` shows what it says it shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def shown(repository: Path) -> str:
    """The demo's output."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", repository / "examples/demo.sh"],
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "error:" not in done.stderr
    return done.stdout


def test_what_is_called_quiet_is_quiet(shown: str) -> None:
    for path in ("V1__invoices.sql:", "001_stock.sql:", "002_tips.sql:"):
        assert path not in shown


def test_each_database_gets_its_own_guard(shown: str) -> None:
    assert "+CREATE TABLE IF NOT EXISTS roles" in shown
    assert "information_schema.columns" in shown
    assert "AND NOT indisvalid" in shown
    assert "+CREATE INDEX CONCURRENTLY IF NOT EXISTS stock_sku" in shown


def test_what_stopped_half_way_is_finished(shown: str) -> None:
    assert "001_orders created table orders and stopped before creating index orders_item" in shown
    assert "wrote kiosk/migrations/001_orders_resume.sql" in shown
    assert "CREATE INDEX IF NOT EXISTS orders_item" in shown


def test_what_is_left_is_for_a_person(shown: str) -> None:
    left = shown.partition("$ partway lint --fix\n")[2]
    assert "compounding-update" in left
    assert "unguarded-add" not in left
