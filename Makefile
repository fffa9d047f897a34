# The whole command set. Needs Debian 12's python3 (3.11), python3-venv and make; everything else it sees to itself.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run up down reset test check fix soak bench messages lock tools

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: .venv/run  ## the whole office in the foreground; PORT=8000
	@exec $(BIN)/python -m config.embedded run

up: .venv/run  ## PostgreSQL and Valkey in the background, migrated
	@exec $(BIN)/python -m config.embedded up

down: .venv/run  ## stop what `up` started
	@exec $(BIN)/python -m config.embedded down

reset: .venv/run  ## take away this checkout's data; YES=1 answers the question
	@exec $(BIN)/python -m config.embedded reset

test: tools  ## check, then every test
	@$(BIN)/python -m tests.check "pure rules"  # they are among the tests
	@rm -f var/templates-seen-* var/coverage.json
	PYTHONWARNINGS="ignore:Unable to activate" $(BIN)/python -m slipcover -m pytest -q -m "not soak" -n 2 --dist loadfile --no-loadscope-reorder --durations 25
	@$(BIN)/python -m tests.coverage

check: tools  ## changes nothing, ends within a minute
	@$(BIN)/python -m tests.check

fix: .venv/dev  ## what a machine can mend
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .
	$(BIN)/djhtml templates && $(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

soak: tools  ## the full counts, for hours
	$(BIN)/python -m pytest -q -m soak

bench: tools  ## what is measured, against its limits; SCALE=0.1, ROWS="roster search"
	$(BIN)/python -m benchmarks

messages: tools  ## bring the catalogue up to date with the code, then compile it
	$(BIN)/python manage.py messages --write

lock: .venv/dev  ## pin and hash what requirements*.in name
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 --python-platform x86_64-unknown-linux-gnu requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 --python-platform x86_64-unknown-linux-gnu requirements-dev.in -o requirements-dev.txt

tools: .venv/dev
	@sh tests/tools.sh

.venv/run: requirements.txt
	@$(PYTHON) tests/prerequisites.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what runs (requirements.txt)…" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Installing what tests (requirements-dev.txt)…" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
