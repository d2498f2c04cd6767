"""The committed observations are what the engines do today: every statement is run again."""

from __future__ import annotations

import pytest

from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.engines.process import Unavailable
from tests.engines.servers import ENGINES
from tests.truth.observe import BrokenCase, committed, observe_servers

Observations = dict[str, tuple[str, dict[str, dict[str, str]]] | BrokenCase]


@pytest.fixture(scope="module")
def observations(labs: Labs) -> Observations:
    """All engines that there are, observed side by side."""
    labs.start(*ENGINES)
    running: list[Lab] = []
    for name in ENGINES:
        try:
            running.append(labs.open(name))
        except Unavailable:
            continue  # the engine's own test says so
    return observe_servers(running)


@pytest.mark.parametrize("name", ENGINES)
def test_observed_again(name: str, labs: Labs, observations: Observations) -> None:
    labs(name)
    found = observations[name]
    assert not isinstance(found, BrokenCase), str(found)
    version, verdicts = found
    observed_on, expected = committed(name)
    wrong = {
        key: (expected[key], verdict) for key, verdict in verdicts.items() if expected.get(key) != verdict
    }
    assert not wrong, f"observed on {observed_on}, this is {version}"
    if version == observed_on:  # another version may take other statements
        assert set(verdicts) == set(expected)
