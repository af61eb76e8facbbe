# Needs Python 3.11+ and make; everything else is fetched at set-up, at the locked versions.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# TORCH=cpu takes PyTorch's build without CUDA, from its own index. It counts when .venv is made.
TORCH ?= default
PIP_INDEX_cpu := --extra-index-url https://download.pytorch.org/whl/cpu
PIP_INDEX_default :=
ifeq ($(filter $(TORCH),default cpu),)
$(error TORCH is 'default' or 'cpu', not '$(TORCH)')
endif

BIN := .venv/bin
DATA := backend/livenet/data/files/COPYING
# npm starts `node` from PATH, and it must be the one from .venv.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # npm makes one folder for two targets
.PHONY: help serve test test-fast test-python test-frontend soak check types bench look setup chromium \
    firefox wheel lock clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-14s %s\n", $$1, $$2}'

serve: .venv/.ready $(DATA) frontend/dist/index.html ## the playground, on HOST=127.0.0.1 PORT=8000
	$(BIN)/livenet serve --host $(HOST) --port $(PORT)

test: check test-python test-frontend ## everything: checks, Python tests with the browser's, frontend tests

# Worker processes use one torch thread each, and so must what the tests compare them with.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadgroup

test-python: setup chromium firefox ## pytest, two processes
	$(PYTEST) --durations=10

test-fast: setup test-frontend ## tests without a browser: within two minutes
	$(PYTEST) -m 'not soak and not slow and not browser' --ignore=tests/e2e

soak: setup chromium ## what takes many minutes by nature; run it before an issue is closed
	$(PYTEST) --durations=10 -m soak

test-frontend: setup ## node --test
	$(BIN)/node --test 'tests/frontend/**/*.test.js'

check: setup ## ruff, mypy and tsc, all strict, and that the page's types are up to date
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin backend
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 backend
	$(BIN)/python -m livenet.wire.typescript --check $(TYPES)
	$(BIN)/node frontend/node_modules/typescript/bin/tsc --project frontend

TYPES := frontend/app/types
types: setup ## the page's types, from the Python types
	$(BIN)/python -m livenet.wire.typescript $(TYPES)

bench: setup chromium ## measure against the targets
	$(BIN)/python -m tests.bench

look: setup chromium ## screenshots of the running page
	$(BIN)/python -m tests.look

chromium: setup ## find a Chromium for the tests, or install one
	@$(BIN)/python -m tests.browser chromium

firefox: setup ## find a Firefox for the tests, or install one
	@$(BIN)/python -m tests.browser firefox

wheel: setup ## dist/livenet-*.whl, with the page inside
	$(BIN)/python hatch_build.py translation
	$(BIN)/python -m build --wheel

setup: .venv/.tested frontend/node_modules/.tested $(DATA) frontend/dist/index.html ## all packages, and the page bundled

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt

# What serving needs, and bundling the page.
.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Livenet needs Python 3.11 or later, and '$(PYTHON)' is not:" \
	         "try make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(INSTALL) $(PIP_INDEX_$(TORCH)) --editable '.[server,build]'
	-$(BIN)/python hatch_build.py translation # or the first start makes it, and
	-$(BIN)/python -m livenet.training.compiled # the machine code of it
	@touch $@

# What the checks and tests need besides.
.venv/.tested: .venv/.ready
	$(INSTALL) --editable '.[server,build,dev]'
	@touch $@

NPM_CI := $(BIN)/npm --prefix frontend ci --ignore-scripts --no-audit --no-fund
LOCKED := frontend/package.json frontend/package-lock.json
frontend/node_modules/.ready: $(LOCKED) | .venv/.ready
	$(NPM_CI) --omit=dev
	@touch $@

# Makes node_modules again, which removes the other stamp too.
frontend/node_modules/.tested: $(LOCKED) | .venv/.ready
	$(NPM_CI)
	@touch $(@D)/.ready $@

$(DATA): hatch_build.py | .venv/.ready
	$(BIN)/python hatch_build.py data
	@touch $@

frontend/vendor/.ready: hatch_build.py frontend/node_modules/.ready
	$(BIN)/python hatch_build.py vendor
	@touch $@

# The server looks at this file's date too: it serves sources that are newer as they are.
SOURCES := frontend/index.html $(shell find frontend/app frontend/docs frontend/styles -type f)
frontend/dist/index.html: frontend/bundle.js frontend/vendor/.ready $(SOURCES)
	$(BIN)/node frontend/bundle.js

# torch's companions differ between its builds: pip resolves them, and the lock leaves them out.
LOCK := .venv-lock
lock: ## make constraints.txt again, with the newest versions that pyproject.toml allows
	$(PYTHON) -m venv --clear $(LOCK)
	$(LOCK)/bin/python -m pip install --quiet torch==2.13.0 --editable '.[server,build,dev]'
	{ echo "# Made by 'make lock'. Without the packages that only some builds of torch need."; \
	    $(LOCK)/bin/python -m pip freeze --all --exclude pip --exclude-editable \
	    | sed 's/+[a-z0-9]*$$//' | grep -Evi '^(nvidia|cuda|triton)'; } >constraints.txt
	rm -rf $(LOCK)

clean: ## remove all that was made, .venv included
	rm -rf .venv frontend/node_modules frontend/vendor frontend/dist frontend/dist.making \
	    backend/livenet/data/files backend/livenet/machine_code/files dist look bench
