"""How findings are written out: one file for each format, named as `--format` names it, with a `write` function."""

#: In the order that the help shows.
NAMES = ("text", "json", "sarif", "github", "gitlab", "junit")
