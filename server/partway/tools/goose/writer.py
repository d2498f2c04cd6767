"""Guards in goose's files: what has a terminator inside must stand between its annotations."""

from __future__ import annotations

from functools import partial

from partway.tools.writing import write_sql

write = partial(write_sql, wrap=("-- +goose StatementBegin", "-- +goose StatementEnd"))
