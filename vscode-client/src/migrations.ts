// Which files may be migrations: what the server is told about, and whether there is a reason to start it.

/** The documents that the server is told about; it says nothing of those that are no migrations. */
export const DOCUMENTS = [
  { scheme: "file", pattern: "**/*.sql" },
  { scheme: "file", pattern: "**/[0-9]*_*.rb" },
  { scheme: "file", pattern: "**/{*migrat*,*alembic*,versions}/**/*.py" },
] as const;

/** Where a folder holds migrations; the same patterns as in package.json's activationEvents. */
export const LAYOUTS = [
  "**/partway.toml",
  "**/{migrations,migration,migrate}/**/*.sql",
  "**/*.{up,down}.sql",
  "**/V*__*.sql",
  "**/{flyway.conf,flyway.toml}",
  "**/*migrate*/[0-9]*_*.rb",
  "**/migrations/0*.py",
  "**/alembic.ini",
  "**/versions/*_*.py",
] as const;

/** Folders that the look for migrations leaves out. */
export const LEFT_OUT = "**/{node_modules,.venv,venv,site-packages,vendor,target,dist,build}/**";

// How the server itself tells a folder of migrations by its name, and the names that tools give to their files.
const FOLDER = /^(?:.*[^a-z])?(?:db)?(?:migrations?|migrate|evolutions|changesets?)(?:[^a-z].*)?$/i;
const NAME = /^(?:[VUB]\d[\w.]*__.*|R__.*|.*\.(?:up|down))\.sql$/;
const RUBY = /^\d+_\w+(?:\.\w+)?\.rb$/i;
const PYTHON_FOLDER = /^(?:.*[^a-z])?(?:migrations?|alembic|versions)$/i;
const NO_MIGRATION = /^(?:__init__|env)\.py$/;

/** Whether a file that is opened by itself is reason enough to start the server. */
export function mayBeMigration(file: string): boolean {
  const parts = file.split(/[\\/]/);
  const name = parts.pop() ?? "";
  switch (name.slice(name.lastIndexOf(".")).toLowerCase()) {
    case ".sql":
      return NAME.test(name) || parts.some((part) => FOLDER.test(part));
    case ".rb":
      return RUBY.test(name) && parts.some((part) => FOLDER.test(part));
    case ".py":
      return !NO_MIGRATION.test(name) && parts.slice(-2).some((part) => PYTHON_FOLDER.test(part));
    default:
      return false;
  }
}
