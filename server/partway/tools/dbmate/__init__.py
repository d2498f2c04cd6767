"""dbmate: SQL files with `-- migrate:up` and `-- migrate:down`."""
