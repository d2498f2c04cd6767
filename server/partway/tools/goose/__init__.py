"""goose: SQL files with `-- +goose` annotations."""
