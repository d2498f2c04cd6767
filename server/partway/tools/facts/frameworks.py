"""What the own files of frameworks say: Rails, Django, Alembic."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts, add, urls


def rails(text: str, facts: Facts) -> None:
    """config/database.yml: the adapters."""
    for match in re.finditer(r"^\s*adapter:\s*[\"']?(\w+)", text, re.MULTILINE):
        add(facts.configured, {"trilogy": "mysql", "postgis": "postgresql"}.get(match[1], match[1]))
    urls(text, facts.configured)


def django(text: str, facts: Facts) -> None:
    """settings.py: the ENGINE of each database."""
    for match in re.finditer(
        r"(?:django|django_prometheus)\.(?:contrib\.gis\.)?db\.backends\.([a-z]+3?)", text
    ):
        add(facts.configured, {"spatialite": "sqlite"}.get(match[1], match[1]))


def alembic(text: str, facts: Facts) -> None:
    """alembic.ini: the scheme of sqlalchemy.url."""
    for match in re.finditer(r"^\s*sqlalchemy\.url\s*=\s*([^\r\n]*)", text, re.MULTILINE):
        urls(match[1], facts.configured)
