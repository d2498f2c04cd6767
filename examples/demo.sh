#!/usr/bin/env bash
# `make demo`: lints a copy of the example project, fixes it, resumes a migration that stopped, says what is to be seen.
# Needs the commands `partway` and `python` on the PATH and nothing else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PARTWAY_CACHE_DIR="$work/cache"
cp -R "$here/shop" "$work/shop"
mkdir "$work/shop/.git" # the top of the project, so that nothing above it is asked
cd "$work/shop"

say() { printf '\n'; printf '%s\n' "$@"; }
heading() {
  if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then printf '\n\033[1m== %s\033[0m\n' "$1"; else printf '\n== %s\n' "$1"; fi
}
# Runs a command as a reader would type it; findings are no failure of the demo, wrong usage is.
show() {
  printf '\n$ %s\n' "$*"
  local code=0
  "$@" || code=$?
  [ "$code" -le 1 ] || exit "$code"
}

heading "A project with three databases"
find . -name '*.sql' -o -name 'compose.yml' -o -name 'flyway.conf' | sed 's|^\./|  |' | sort
say "Nothing in it is about Partway. It reads from flyway.conf, the compose files and the SQL itself what runs where:" \
  "Flyway on MySQL 8.0 (billing), psql on PostgreSQL 15 (warehouse), sqlite3 (kiosk)."

heading "Which of these migrations cannot simply be run again if they stop half way?"
show partway lint

heading "What that means"
say "billing/V2: MySQL commits each definition by itself. If the foreign key fails, because some row has no role, then the" \
  "table and the column stay; Flyway runs the file again from the top, and now its first statement fails." \
  "billing/V1 holds one statement. Nothing of it can be half done, so nothing is said." \
  "warehouse/001 has the same kind of statements between BEGIN and COMMIT. PostgreSQL rolls them back together," \
  "so nothing is said there either. 002 runs statement by statement, because CREATE INDEX CONCURRENTLY must." \
  "The same words, different findings: they follow from the database, the tool, and the place in the file."

heading "What did Partway read?"
show partway inspect billing/src/main/resources/db/migration/V2__roles.sql

heading "Write the guards: first look, then leap"
show partway lint --diff
show partway lint --fix

heading "One did stop half way: what is there, and how is it finished?"
say "The kiosk's 001 has failed: its table is there, its index is not."
python - kiosk.db kiosk/migrations/001_orders.sql <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute(open(sys.argv[2]).read().split(";")[0])
PYTHON
show partway status kiosk/migrations/001_orders.sql --database sqlite:///kiosk.db
show partway resume kiosk/migrations/001_orders.sql --database sqlite:///kiosk.db
show cat kiosk/migrations/001_orders_resume.sql

heading "What is left"
say "A guard is written only where it looks at the very thing that the statement makes. MySQL has no IF NOT EXISTS for a" \
  "column, so the fix asks information_schema. A failed CREATE INDEX CONCURRENTLY leaves an invalid index that IF NOT" \
  "EXISTS would keep, so the fix looks whether it is valid. What remains is for a person: an UPDATE that takes five" \
  "percent off each time it runs has no guard that Partway could know. 'partway explain compounding-update' says more."
