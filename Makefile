# Two commands do it all: `make run` serves the program with a demonstration event, `make test` checks everything.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test torture bench fmt lock clean

run: .venv/run
	@$(BIN)/yingbin seed-demo --if-empty
	@$(BIN)/yingbin serve --host $(HOST) --port $(PORT) --welcome

test: .venv/test
	@sh tests/programs.sh
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -m tests.node
	$(BIN)/pytest -n 2 -m 'not browser' --cov --cov-report= --cov-fail-under=0
	$(BIN)/pytest -m browser --cov --cov-append --cov-report=term

# Kills the server fifty times while five hundred scans a second come in; `make test` does it five times.
torture: .venv/test
	$(BIN)/python -m tests.torture --rounds 50

bench: .venv/test
	$(BIN)/python -m benchmarks

fmt: .venv/test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Pins every dependency with its hashes; run it after changing pyproject.toml.
lock:
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -q --no-emit-index-url -o requirements.lock
	uv pip compile pyproject.toml --group test --universal --generate-hashes --no-header --no-annotate -q --no-emit-index-url -c requirements.lock -o requirements-test.lock

clean:
	rm -rf .venv static/vendor static/node_modules

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; say make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

.venv/run: requirements.lock pyproject.toml static/package-lock.json | .venv/bin/python
	@echo "installing what Yingbin needs (a minute or two, once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/test: .venv/run requirements-test.lock
	@echo "installing what the tests need"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@
