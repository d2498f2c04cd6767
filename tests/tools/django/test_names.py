"""Names as Django makes them, held against Django's own functions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import truncate_name
from hypothesis import given
from hypothesis import strategies as st

from partway.tools.django import names

if not settings.configured:
    settings.configure()

LIMITS = {63: 63, 64: 64, 0: None}
word = st.text(alphabet="abcxyz_09é", min_size=1, max_size=70)
tables = word | st.builds('"{}"."{}"'.format, word, word)


def editor(limit: int) -> BaseDatabaseSchemaEditor:
    """A schema editor that knows nothing but how long names may be."""
    operations = SimpleNamespace(max_name_length=lambda: LIMITS[limit])
    features = SimpleNamespace(can_rollback_ddl=True)
    return BaseDatabaseSchemaEditor(SimpleNamespace(ops=operations, features=features))


@pytest.mark.parametrize("limit", LIMITS)
@given(
    table=tables,
    columns=st.lists(word, min_size=1, max_size=3),
    suffix=st.sampled_from(["", "_fk", "_uniq", "_like"]),
)
def test_index_names(limit: int, table: str, columns: list[str], suffix: str) -> None:
    expected = editor(limit)._create_index_name(table, columns, suffix)
    assert names.index_name(table, columns, suffix, limit) == expected


@pytest.mark.parametrize("limit", LIMITS)
@given(table=tables, column=word, other=word)
def test_foreign_key_names(limit: int, table: str, column: str, other: str) -> None:
    expected = editor(limit)._create_index_name(table, [column], f"_fk_{other}_id")
    assert names.index_name(table, [column], f"_fk_{other}_id", limit) == expected


@pytest.mark.parametrize("limit", LIMITS)
@given(table=tables)
def test_truncated_names(limit: int, table: str) -> None:
    assert names.truncated(table, limit) == truncate_name(table, LIMITS[limit])


@given(
    table=tables,
    columns=st.lists(st.tuples(word, st.booleans()), min_size=1, max_size=3, unique_by=lambda one: one[0]),
)
def test_names_of_indexes_of_a_meta(table: str, columns: list[tuple[str, bool]]) -> None:
    index = models.Index(fields=[f"-{name}" if descending else name for name, descending in columns])
    fields = {name: SimpleNamespace(column=name) for name, _ in columns}
    index.set_name_with_model(
        SimpleNamespace(_meta=SimpleNamespace(db_table=table, get_field=fields.__getitem__))
    )
    assert names.meta_index_name(table, columns, "idx") == index.name
