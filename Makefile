# Everything a developer types. Each target sets up what it needs on a fresh machine (Python 3.11+).
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SUPPLY := .venv-supply
SUPPLY_STAMP := $(SUPPLY)/.ready
# Nothing is installed whose hash is not in a lock, and nothing that would run code to be built.
LOCKED := -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
OUT ?= build/demo
WORKERS ?= 3
# the fewest stories that take every branch of what `make coverage` looks at
COVERED := tests/form_engine tests/forms tests/paper/test_blocks.py tests/paper/test_blocks_kinds.py tests/security \
	tests/trail tests/backup tests/services/test_key_change.py tests/services/test_pin.py

.PHONY: long walk coverage help venv system run demo test check lint types layers screens bench faults lock wheels audit sbom licenses fuzz mutants format clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml locks/dev.txt
	@if [ -z "$(PYTHON)" ]; then echo "bt_desktop needs Python 3.11 or newer; none was found on this machine."; exit 2; fi
	@$(PYTHON) tools/venv.py $(VENV)
	@$(BIN)/python $(LOCKED) --requirement locks/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

$(SUPPLY_STAMP): locks/supply.txt
	@$(PYTHON) tools/venv.py $(SUPPLY)
	@$(SUPPLY)/bin/python $(LOCKED) --requirement locks/supply.txt
	@touch $(SUPPLY_STAMP)

venv: $(STAMP) ## Make .venv with everything the project needs

system: $(STAMP) ## Look for Qt's system libraries (Debian, Ubuntu); install them when root
	@$(BIN)/python tools/system_libraries.py

run: system ## Open the window; without a screen, carry the example event through to build/demo
	@$(BIN)/bt-desktop open --or-demo $(OUT)

demo: system ## Carry the example event through unattended, into build/demo
	@$(BIN)/bt-desktop demo --out $(OUT)

test: $(STAMP) ## Run every story but the long ones; under ten minutes
	@$(BIN)/python tools/system_libraries.py --tests
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/run_tests.py $(WORKERS)

long: system ## The long stories: kills many times over, the wheel, the demo's years, every bit of a small copy
	@$(BIN)/python tools/system_libraries.py --tests
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/run_tests.py $(WORKERS) tests -m slow

walk: system ## Every window by keyboard, by ear and by eye, light at 100 % and dark at 200 %; two to six minutes
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/run_tests.py 2 tests/views/test_every_window.py -m walk

check: lint types layers test ## Run all that guards a commit: ruff, mypy, import-linter, tests

lint: $(STAMP) ## Style and common mistakes (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP) ## Types (mypy, strict below views)
	@$(BIN)/mypy

layers: $(STAMP) ## Imports point down (import-linter)
	@$(BIN)/lint-imports

screens: system ## A picture of every window and printed page, in build/screens and docs/pictures
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/screens.py

bench: system ## The performance budget, each row as a ratio to its floor in the same run (BENCH=--write: into RESULTS.md)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks $(BENCH)

faults: $(STAMP) ## Break it on purpose (kills, power cuts, bad disks): one table, in 15 minutes at most
	@$(BIN)/python tools/system_libraries.py --faults
	@$(BIN)/python -m faults

fuzz: $(STAMP) ## Random answers (a million), records' lives, papers and files; SEED=… goes on with a run
	@PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring QT_QPA_PLATFORM=offscreen \
		$(BIN)/python -m tests.fuzz all --seed $(or $(SEED),0)

coverage: system ## Branches of form_engine, security and paper/blocks.py that no story takes; fails if there are any
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/run_tests.py $(WORKERS) -m "not slow and not walk" --hypothesis-seed=0 --cov --cov-report=term $(COVERED)

mutants: $(STAMP) ## Change the code a little everywhere and see whether a story notices (MUTATE=security/slots.py)
	@$(BIN)/python $(LOCKED) --requirement locks/mutants.txt
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tools/mutants.py $(MUTATE)

lock: $(SUPPLY_STAMP) ## Write the lock files anew after a change of pyproject.toml (NEWER=--newer: newest releases)
	@$(SUPPLY)/bin/python tools/lock.py $(NEWER)

wheels: $(SUPPLY_STAMP) ## Show that every run-time dependency has a wheel on Windows, macOS, Linux, Python 3.11 to 3.14
	@$(SUPPLY)/bin/python tools/lock.py --holds

audit: $(SUPPLY_STAMP) ## Known weaknesses of what is locked: 0 none, 1 some, 3 the database was not reached
	@$(SUPPLY)/bin/python tools/audit.py || { status=$$?; echo "make audit: status $$status"; exit $$status; }

sbom: $(STAMP) $(SUPPLY_STAMP) ## What the program is made of, as CycloneDX, into build/
	@$(BIN)/python tools/sbom.py
	@$(SUPPLY)/bin/python tools/sbom.py --check

licenses: $(STAMP) ## Write docs/licenses.md anew
	@$(BIN)/python tools/licenses.py

format: $(STAMP) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove what was built (not .venv)
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
