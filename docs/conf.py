"""How `make docs` builds these Markdown pages into site/."""

import re
from pathlib import Path

project = "Partway"
project_copyright = "the Partway maintainers"
release = re.findall(r'"(.+)"', (Path(__file__).parent.parent / "server/partway/version.py").read_text())[0]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True
# Headings are link targets, written as other Markdown readers build them.
myst_heading_anchors = 3
# Examples hold SQL that no general lexer knows (DELIMITER, psql's backslash lines): colours are not worth an
# error.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"Partway {release}"
html_copy_source = False
html_show_sphinx = False
