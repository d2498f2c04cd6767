"""What the own files of tools for SQL migrations say: Prisma, Supabase, Drizzle, Diesel, sqlx."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts, add


def prisma(text: str, facts: Facts) -> None:
    """schema.prisma: the provider of its datasource."""
    facts.tools.add("prisma")
    match = re.search(r"\bdatasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*\"(\w+)\"", text)
    if match is not None:
        add(facts.configured, match[1])


def prisma_lock(text: str, facts: Facts) -> None:
    """migration_lock.toml, beside Prisma's migrations."""
    facts.tools.add("prisma")
    match = re.search(r"^[ \t]*provider\s*=\s*\"(\w+)\"", text, re.MULTILINE)
    if match is not None:
        add(facts.configured, match[1])


def supabase(text: str, facts: Facts) -> None:
    """supabase/config.toml: PostgreSQL, and which."""
    facts.tools.add("supabase")
    match = re.search(r"^[ \t]*major_version\s*=\s*(\d+)", text, re.MULTILINE)
    add(facts.configured, "postgresql", (int(match[1]),) if match is not None else ())


def drizzle(text: str, facts: Facts) -> None:
    """drizzle.config.ts and its journal: the dialect."""
    match = re.search(r"[\"']?dialect[\"']?\s*:\s*[\"'](\w+)[\"']", text)
    if match is not None:
        add(facts.configured, match[1])


def diesel_metadata(text: str, facts: Facts) -> None:
    """metadata.toml in a Diesel migration's folder."""
    match = re.search(r"^[ \t]*run_in_transaction\s*=\s*(true|false)", text, re.MULTILINE)
    if match is not None:
        facts.settings["diesel.run_in_transaction"] = match[1]


def sqlx_cache(text: str, facts: Facts) -> None:
    """sqlx-data.json, or one of the query files in .sqlx: the database that they were checked with."""
    facts.tools.add("sqlx")
    match = re.search(r"\"db(?:_name)?\"\s*:\s*\"(\w+)\"", text)
    if match is not None:
        add(facts.configured, match[1])
