# Every target does its own set-up: a fresh clone and Python 3.11 or newer are enough.

# The first Python that is new enough; looked for only when .venv has to be made.
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
  $$p -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test crash-test lint format bench truth coverage-report applied-report fixes-report sample docs wheel vscode test-vscode clean

help: ## list the targets
	@echo "Partway: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The stamp files say what has been installed: as long as pyproject.toml is older, set-up takes no time.
$(VENV)/.base: pyproject.toml server/partway/version.py
	@$(BIN)/python -c 'import pip; $(IS_NEW_ENOUGH)' 2>/dev/null || { \
	  python='$(PYTHON)'; \
	  $$python -c '$(IS_NEW_ENOUGH)' 2>/dev/null || { \
	    echo "Partway needs Python 3.11 or newer; $$python is $$($$python --version 2>/dev/null || echo not there)." >&2; \
	    echo "Name another one: make $(or $(firstword $(MAKECMDGOALS)),setup) PYTHON=/path/to/python3" >&2; exit 1; }; \
	  echo "making $(VENV) with $$($$python --version)"; \
	  $$python -m venv --clear $(VENV) || { \
	    echo "'$$python -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; }
	@echo "installing Partway into $(VENV)"
	@$(PIP) install --editable .
	@# What an installation from a wheel has from the start; without it each run may compile everything anew.
	@$(BIN)/python -m compileall -q server/partway
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@echo "installing what tests and checks need into $(VENV) (some 300 MB the first time)"
	@$(PIP) install --editable '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.base
	@$(PIP) install --editable '.[docs]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@$(PIP) install --editable '.[bench]'
	@touch $@

setup: $(VENV)/.dev ## make .venv with Partway and everything for development; quick when nothing changed
	@echo "ready: $(BIN)/partway"

demo: $(VENV)/.base ## lint and fix a small example project, finish a migration that stopped; needs no database server
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash examples/demo.sh

test: $(VENV)/.dev ## run all tests; starts private databases of its own and stops them again
	@echo "The tests start private databases (PostgreSQL, MariaDB, MySQL; SQLite in files) in temporary folders and stop them again."
	@echo "An engine or a migration tool that this machine does not have is skipped and named at the end; with CI=true that is a failure."
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

crash-test: $(VENV)/.dev ## stop migrations at every point and resume them, on every engine and through the real tools; takes long
	@$(BIN)/python -m tests.resume.report

lint: $(VENV)/.dev ## check style, types and the floors
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev ## write the house style into the code
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

bench: $(VENV)/.bench ## measure speed beside squawk and sqlfluff
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)
	@$(BIN)/python -m tests.bench.programs
	@$(BIN)/python -m tests.bench.server

truth: $(VENV)/.dev ## compare Partway's verdicts with what the real engines do
	@$(BIN)/python -m tests.truth.report

coverage-report: $(VENV)/.dev ## how much of real migrations is read: make coverage-report FOLDERS="PATH ..."
	@$(BIN)/python -m tests.corpus.report $(FOLDERS)

applied-report: $(VENV)/.dev ## run real migrations to their end and hold status to it: make applied-report FOLDERS="ENGINE PATH ..."
	@$(BIN)/python -m tests.corpus.applied $(FOLDERS)

fixes-report: $(VENV)/.dev ## check every fix over real migrations: make fixes-report FOLDERS="[--transaction none] PATH ..."
	@$(BIN)/python -m tests.corpus.fixes $(FOLDERS)

sample: $(VENV)/.dev ## draw findings over real migrations to check by hand: make sample FOLDERS="[--seed N] PATH ..."
	@$(BIN)/python -m tests.corpus.sample $(FOLDERS)

docs: $(VENV)/.docs ## build the HTML documentation into site/, broken links are errors
	@$(BIN)/python -m tests.rules.pages
	@$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet --doctree-dir site/.doctrees docs site
	@echo "built site/index.html"

wheel: $(VENV)/.dev ## build the wheel and the source distribution into dist/
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist

VSIX = vscode-client/partway-$(shell sed -n 's/^  "version": "\(.*\)",/\1/p' vscode-client/package.json).vsix

# npm writes this file last of all.
vscode-client/node_modules/.package-lock.json: vscode-client/package.json vscode-client/package-lock.json
	@cd vscode-client && npm ci
	@touch $@

vscode: $(VENV)/.base vscode-client/node_modules/.package-lock.json ## check the VS Code extension and package it; needs Node 20 or newer
	@cd vscode-client && npm run --silent check && npm run --silent package

test-vscode: vscode ## drive the packaged extension in the real VS Code, in Chromium; PICTURES=docs/images takes the screenshots anew
	@PARTWAY_VSIX="$(CURDIR)/$(VSIX)" PARTWAY="$(CURDIR)/$(BIN)/partway" $(if $(PICTURES),PICTURES="$(abspath $(PICTURES))") \
	  node --test --test-concurrency=1 --test-reporter=spec tests/editors/vscode/*.test.mjs

clean: ## remove everything that the targets above made
	rm -rf vscode-client/node_modules vscode-client/dist vscode-client/*.vsix
	rm -rf $(VENV) dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find server tests -name __pycache__ -type d -prune -exec rm -rf {} +
