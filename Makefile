# One command each for building, testing and locking; CONTRIBUTING.md explains them.
# Works with the make of macOS, which is GNU make 3.81.

.DEFAULT_GOAL := all

CONTENT ?= content/wangluo-qiangguo
SETUP_FLAGS ?=
PYTEST_FLAGS ?= -n auto
LOCK_FLAGS ?=

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --custom-compile-command 'make lock' $(LOCK_FLAGS)

.PHONY: all setup setup-test test lint lock sbom clean help

all: setup ## Set up, then build $(CONTENT) into build/
	$(BIN)/booklet build $(CONTENT)

# The script keeps stamps in .venv, so that it costs nothing where nothing has changed.
setup: ## Install what booklet needs to run
	@scripts/setup.sh $(SETUP_FLAGS)

setup-test: ## Install what the tests need as well
	@scripts/setup.sh --test $(SETUP_FLAGS)

# Linting comes first because it is quick; pytest comes last because its closing line is the result.
test: lint ## Run all checks: lint, then pytest
	$(BIN)/pytest $(PYTEST_FLAGS)

lint: setup-test ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The run-time lock comes first and constrains the development lock: both name the same versions.
lock: setup ## Write requirements/*.txt anew; LOCK_FLAGS=--upgrade takes newer versions
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(COMPILE) --group lock --output-file requirements/lock.txt
	$(COMPILE) --group build --output-file requirements/runtime.txt pyproject.toml
	$(COMPILE) --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt pyproject.toml

sbom: setup ## Write the bill of materials of a release to dist/booklet.cdx.json
	@mkdir -p dist
	@$(BIN)/python scripts/sbom.py > dist/booklet.cdx.json

clean: ## Remove what was built and all caches, but keep .venv
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | awk -F '|' '{ printf "%-11s %s\n", $$1, $$2 }'
