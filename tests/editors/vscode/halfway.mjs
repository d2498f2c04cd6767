// A project with a SQLite database in which a migration stopped half way, as the tests in VS Code open it.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "../../..");
const { PYTHON = path.join(repository, ".venv/bin/python") } = process.env;
export const MIGRATION = "db/migrations/20260215_add_user_roles.sql";
export const TEXT = `-- Who may do what.
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL);

ALTER TABLE users ADD COLUMN role_id INTEGER REFERENCES roles (id);

CREATE INDEX users_role ON users (role_id);

CREATE TABLE grants (
  role_id INTEGER NOT NULL REFERENCES roles (id),
  permission TEXT NOT NULL,
  PRIMARY KEY (role_id, permission)
);

CREATE INDEX grants_permission ON grants (permission);
`;
export const EARLIER = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\n";
export const LATER = "CREATE TABLE invitations (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\n";

/** Run statements in a database file, which is made where it is not there. */
export function sqlite(file, statements) {
  const code = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as c: c.executescript(sys.argv[2])";
  execFileSync(PYTHON, ["-c", code, file, statements]);
}

/** A project in a folder: of the five operations of its migration the first two have run. */
export function project(folder) {
  mkdirSync(path.join(folder, ".git"), { recursive: true });
  mkdirSync(path.join(folder, "db/migrations"), { recursive: true });
  writeFileSync(path.join(folder, "partway.toml"), 'tool = "sql"\ndialect = "sqlite"\n\n[databases]\ndev = "sqlite:///dev.db"\n');
  writeFileSync(path.join(folder, "db/migrations/20260101_create_users.sql"), EARLIER);
  writeFileSync(path.join(folder, MIGRATION), TEXT);
  writeFileSync(path.join(folder, "db/migrations/20260301_invitations.sql"), LATER);
  sqlite(path.join(folder, "dev.db"), EARLIER + TEXT.split("CREATE INDEX")[0]);
  return folder;
}
