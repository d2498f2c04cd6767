"""The engine fixtures for this folder; another folder gets them by importing the same four names."""

from tests.engines.plugin import engine, lab, labs  # noqa: F401 # pytest finds fixtures by name
