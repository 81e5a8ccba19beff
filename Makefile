# `make` alone lists what there is. Needs Python 3.11 or later; everything else is installed into .venv.

BIN := .venv/bin
PORT ?= 8000
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
INSTALL = $(BIN)/python -m pip install --quiet --require-hashes

.PHONY: help run test lint bench screens assets translations format lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

run: .venv/.run assets ## install, load the demo city and serve it at http://localhost:8000 (PORT= changes it)
	@$(BIN)/lms db upgrade
	@PORT=$(PORT) $(BIN)/lms demo load
	@PORT=$(PORT) exec $(BIN)/lms serve

test: .venv/.test assets ## run all tests (ARGS= for pytest); as root installs PostgreSQL, Redis and Chromium first
	@requirements/services.sh
	@$(BIN)/python hatch_build.py modules
	$(BIN)/python -m pytest -n $$(( ($$(nproc) * 3 + 1) / 2 )) $(ARGS)

lint: .venv/.lint ## format, lint, types, import contracts, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy hatch_build.py
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py check-translations

bench: .venv/.peers ## measure speed, each line beside a bare baseline
	$(BIN)/python -m bench $(ARGS)

screens: .venv/.test assets ## pictures of every page, 360 and 1280 px wide, into var/screens/
	@requirements/services.sh
	$(BIN)/python -m tests.functional.screens

assets: .venv/.run ## build what the browser loads, where its sources have changed
	@$(BIN)/python hatch_build.py assets
	@$(BIN)/python hatch_build.py translations

translations: .venv/.run ## bring the catalogues up to date with the messages in the sources
	$(BIN)/python hatch_build.py update-translations

format: .venv/.lint ## put the sources in the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Every file from one resolution, so that all of them can be installed together.
lock: .venv/.lint ## pin the newest versions that fit, with their hashes
	cd requirements && for name in lint test run build node peers; do \
	  kept=; [ $$name = lint ] || [ $$name = node ] || [ $$name = peers ] || kept="-c lint.txt"; \
	  ../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" $$kept $$name.in -o $$name.txt || exit 1; \
	done

clean: ## remove what was built; the data in var/ stays
	rm -rf .venv node_modules lms/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find lms courses tracking tests -name __pycache__ -prune -exec rm -rf {} +
	rm -f lms/translations/*/LC_MESSAGES/*.mo

.venv/bin/python:
	@requirements/venv.sh

.venv/.run: requirements/run.txt requirements/build.txt requirements/node.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the program needs into .venv (the first time takes a minute or two)"
	@$(INSTALL) -r requirements/run.txt -r requirements/build.txt
	@if $(BIN)/python hatch_build.py needs-node; then $(INSTALL) -r requirements/node.txt; fi
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements/test.txt .venv/.run
	@$(INSTALL) -r requirements/test.txt
	@touch $@

.venv/.peers: requirements/peers.txt .venv/.test
	@$(BIN)/python -m venv .venv/peers
	@.venv/peers/bin/python -m pip install --quiet --require-hashes -r requirements/peers.txt
	@touch $@

.venv/.lint: requirements/lint.txt .venv/.test
	@$(INSTALL) -r requirements/lint.txt
	@touch $@
