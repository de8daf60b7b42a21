# TBT Watch: what a person types. Every target begins from a fresh clone: it makes .venv when it is missing and
# installs what the lock files say, no more. uv is used where it is on PATH; Python's own venv and pip otherwise, or
# with `make UV= venv` (uv does not read pip's settings, a mirror among them).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 run` chooses another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)
UV := $(shell command -v uv 2>/dev/null)

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help venv venv-dev run test lint bench quality proof model lock pictures clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/  make \1\t/' | expand -t 18

venv: $(RUN_STAMP) ## .venv with what the service needs

venv-dev: $(DEV_STAMP) ## .venv with the test tools besides

run: $(RUN_STAMP) ## the main job, once, on the bundled sample edition: no account, key, model or network
	@$(BIN)/tbt-watch run --once --sample

# A file of tests stays in one process, so that what its tests share is made once; `make test JOBS=0` runs all in one.
test: $(DEV_STAMP) ## the whole suite, on all cores
	@$(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist loadfile --no-loadscope-reorder

lint: $(DEV_STAMP) ## style, types, floors, words
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/test_house.py tests/test_words.py

# A new measurement is a new file in its folder; each prints what it measured and fails only when it cannot.
bench: $(DEV_STAMP) ## how fast, and in how much memory: tests/bench/
	@for script in tests/bench/[a-z]*.py; do PYTHONPATH=tests $(BIN)/python "$$script"; done

quality: $(DEV_STAMP) ## how good: tests/quality/
	@for script in tests/quality/[a-z]*.py; do PYTHONPATH=tests $(BIN)/python "$$script"; done

proof: $(DEV_STAMP) ## what takes minutes to show: kill -9 at 200 moments while 500 subscribers get an edition
	@TBT_KILLS=200 TBT_KILL_SUBSCRIBERS=500 $(BIN)/python -m pytest -s tests/test_kill.py

# Everything that is made on the way lies in model-run/, and every step goes on where it stopped. docs/model.md says
# what it needs: `make model PYTHON_WITH_TORCH=/path/to/python STEPS=20000`.
model: $(DEV_STAMP) ## train the starter model anew: data, network, package, figures (hours)
	@PYTHONPATH=.:tests $(BIN)/python -m starter.make $(if $(PYTHON_WITH_TORCH),--python "$(PYTHON_WITH_TORCH)") \
		$(if $(STEPS),--steps $(STEPS))

pictures: run $(DEV_STAMP) ## the sample's bulletin as a reader sees it and the curators' page, 390 and 1280 pixels wide, in docs/pictures/
	@$(BIN)/tbt-watch bulletin show 1 --sample >/dev/null 2>&1 || $(BIN)/tbt-watch bulletin new --sample
	@$(BIN)/tbt-watch bulletin list --sample --json | grep -q '"number": 1,' || $(BIN)/tbt-watch bulletin publish 1 --sample
	@$(BIN)/python tests/pictures.py sample-run docs/pictures
	@$(BIN)/python tests/pictures_desk.py docs/pictures

lock: $(DEV_STAMP) ## resolve again: `make lock` keeps the pinned versions, `make lock UPGRADE=1` takes newer ones
	@command -v uv >/dev/null || { echo "make lock: uv is not on PATH; install it with: pip install uv" >&2; exit 1; }
	$(COMPILE) --group run -o requirements.lock
	$(COMPILE) --group run --group dev -c requirements.lock -o requirements-dev.lock
	@if grep -nE '[a-z]+://' requirements.lock requirements-dev.lock; then \
		echo "make lock: an address got into a lock file (lines above); remove it before committing" >&2; exit 1; fi

# uv asks the public index unless its own settings say otherwise, never pip's; and writes down no index at all.
COMPILE = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate $(if $(UPGRADE),--upgrade)

clean: ## what can be made again (never .venv, config.toml or data/)
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis sample-run bench-data
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# ── Installing ──────────────────────────────────────────────────────────────────────────────────────────

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: no Python 3.11 or newer was found; install one (Debian 12, Ubuntu 24.04 or newer:" \
			"apt-get install python3) or name it: make PYTHON=/path/to/python3 venv" >&2; exit 1; fi
	@if [ -n "$(UV)" ]; then "$(UV)" venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV); \
	elif $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	else echo "make: $(PYTHON) cannot make virtual environments here; install its venv module, on Debian and" \
		"Ubuntu with: apt-get install python3-venv" >&2; exit 1; fi

# Versions and hashes come from the lock, dependencies are not looked at again (see argostranslate in
# pyproject.toml), and our own package is built by the locked hatchling, without an environment of its own.
define install
	@echo "Installing $(1) into $(VENV) ..."
	@if [ -n "$(UV)" ]; then \
		"$(UV)" pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $(1); \
		"$(UV)" pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1); \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
endef

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $@ $(RUN_STAMP)
