"""The engine fixtures for this folder."""

from tests.engines.plugin import engine, lab, labs  # noqa: F401 # pytest finds fixtures by name
