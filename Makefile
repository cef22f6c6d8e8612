.DEFAULT_GOAL := help
.PHONY: help setup run test day bench bundle lock
BIN := .venv/bin
WORKERS ?= 2

help:
	@echo 'make run     a practice city on the live desk, from a fresh checkout'
	@echo 'make test    every check and the whole suite'
	@echo 'make setup   only what both need: .venv with .venv/bin/watchdesk'
	@echo 'make day     play a whole day of work and look for cases that nobody has'
	@echo 'make bench   measure this machine (RECORDS=dir for real records)'
	@echo 'make bundle  dist/watchdesk: the console without a Python, built and tried'
	@echo 'make lock    lock the versions anew (UPGRADE=--upgrade takes the newest)'

.venv/.ready: requirements/dev.txt pyproject.toml .ci/setup .ci/system-packages
	@.ci/setup

setup: .venv/.ready

run: setup
	@$(BIN)/watchdesk demo

test: setup
	@.ci/system-packages tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@# what tests start as processes of their own is compiled once, not each time
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(WORKERS)

day: setup
	$(BIN)/watchdesk day

bench: setup
	$(BIN)/python -m benchmarks $(if $(RECORDS),--records $(RECORDS))

bundle: setup
	.ci/bundle

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command 'make lock' $(UPGRADE)

lock: setup
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
