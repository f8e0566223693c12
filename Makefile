# Each target does all of its own set-up. Needs: make and Python 3.11 to 3.14.
.PHONY: demo test soak check fix setup models clean lock help
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c 'import sys; sys.exit(not (3,11) <= sys.version_info < (3,15))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
READY := .venv/.ready
MODELS_READY := .venv/.models-ready

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

demo: $(MODELS_READY) ## a whole call on this machine: dial, speak, answer, replay
	@$(BIN)/warmline demo

test: check $(MODELS_READY) ## checks, then every test
	@$(BIN)/python scripts/ensure_chromium.py
	@$(BIN)/python scripts/run_tests.py $(ARGS)

soak: $(MODELS_READY) ## long stories on real servers and telephones, on a machine that does nothing else
	@$(BIN)/pytest -m soak $(ARGS)

check: $(READY) ## lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

fix: $(READY) ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(READY) ## the environment, without the model weights' preparation
models: $(MODELS_READY) ## the model weights, verified and prepared

$(READY): pyproject.toml requirements.lock models.lock bootstrap.lock web/package-lock.json
	@test -n "$(PYTHON)" || { echo "Warmline needs Python 3.11 to 3.14; none was found (set PYTHON=...)"; exit 1; }
	@scripts/set_up "$(PYTHON)"
	@touch $@

$(MODELS_READY): $(READY) models/catalogue.toml
	@$(BIN)/warmline models prepare
	@touch $@

lock: $(READY) ## renew the locks from pyproject.toml
	@scripts/lock

clean: ## remove the environment (the prepared models stay in the user's cache)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
