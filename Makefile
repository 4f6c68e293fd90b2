# The front door of the checkout: `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-long check fix golden bench lock

BIN := .venv/bin

help: ## list what there is
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
	|| sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1: \2/p' Makefile

setup: ## install everything that Solvent needs, under this folder; quick when nothing changed
	@bash tools/setup.sh

run: setup ## serve the demonstration household on http://localhost:8800
	@bash tools/run.sh

test: setup ## run the whole suite, on real services
	@bash tools/system-packages.sh
	$(BIN)/pytest -n 2

test-long: setup ## the same with the numbers of cases meant for a release
	@bash tools/system-packages.sh
	$(BIN)/pytest -n 2 --timeout 3600 --hypothesis-profile long

check: setup ## format, lint, contracts, types and documents; no tests
	@bash tools/check.sh

fix: setup ## put right what a program can: format, imports, the drawn graph
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet
	@$(BIN)/python -m tools.generated
	@bash tools/frontend.sh fix

golden: setup ## write the expected files of tests/golden anew; read the diff before you commit it
	@bash tools/system-packages.sh
	SOLVENT_GOLDEN=1 $(BIN)/pytest -n 2 -m golden

bench: setup ## measure beside the floors and write bench/RESULTS.md
	@$(BIN)/python -m bench

lock: setup ## choose the newest compatible releases and write requirements/*.txt
	@bash tools/lock.sh
