# Needs Python 3.11 or newer and make; everything else is installed into .venv, pinned by uv.lock.

PYTHON ?= python3
DEMO ?= fixtures/liyang-archives-2023.md

VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
# One stamp per interpreter, so that `make test PYTHON=python3.12` is never answered by another Python.
STAMP := $(VENV)/.ready-$(subst /,_,$(PYTHON))

.DEFAULT_GOAL := help
.PHONY: help demo test eval lint format bench docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  (choose the interpreter with PYTHON=python3.12)"

demo: $(STAMP) ## Review a sample report with planted defects; the memo goes to stdout
	@$(BIN)/reviewer review $(DEMO)

test: $(STAMP) ## Run the tests, on all cores
	@$(BIN)/python -m pytest -n auto --dist loadgroup

eval: $(STAMP) ## Review all labelled fixtures; fail on any finding lost or new false alarm
	@$(BIN)/python -m eval run
	@$(BIN)/python -m eval gate

lint: $(STAMP) ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(STAMP) ## Format the code and apply safe fixes
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(STAMP) ## Time whole reviews, batches and the readers (REPORT=... for another than the longest fixture)
	@$(BIN)/python -m eval.bench $(REPORT)
	@$(BIN)/python -m eval.bench_model
	@$(BIN)/python -m eval.bench_batch
	@$(BIN)/python -m eval.bench_reading

docs: $(STAMP) ## Write docs/rules.md, the table of the fixtures and prompts.lock
	@$(BIN)/python -m eval.docs

# Needs no synced environment: pyproject.toml and uv.lock may disagree until it has run.
lock: $(BIN)/uv ## Bring uv.lock up to date with pyproject.toml
	@$(UV) lock --python $(BIN)/python

clean: ## Remove .venv, caches and build results
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml uv.lock
	@$(require-python)
	@$(create-venv)
	@$(install-uv)
	@$(UV) sync --locked --quiet --python $(BIN)/python 1>&2
	@touch $@

$(BIN)/uv:
	@$(require-python)
	@$(create-venv)
	@$(install-uv)

define require-python
$(PYTHON) --version >/dev/null 2>&1 || { \
  echo "error: $(PYTHON) does not run" >&2; \
  echo "hint: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "error: Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1)" >&2; \
  echo "hint: name a newer one: make PYTHON=python3.12" >&2; exit 1; }
endef

# A venv of another Python version, or one left half-made, is built anew.
define create-venv
version='import sys; print(*sys.version_info[:3])'; \
if ! $(BIN)/python -m pip --version >/dev/null 2>&1 \
  || test "$$($(BIN)/python -c "$$version")" != "$$($(PYTHON) -c "$$version")"; then \
  echo "Setting up $(VENV) with $$($(PYTHON) --version) ..." >&2; \
  $(PYTHON) -m venv --clear $(VENV) 1>&2; \
fi
endef

# The version of uv has one home, uv.lock.
define install-uv
version=$$($(BIN)/python -c 'import tomllib; packages = tomllib.load(open("uv.lock", "rb"))["package"]; print(next(p["version"] for p in packages if p["name"] == "uv"))') \
&& $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$$version" 1>&2
endef
