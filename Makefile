# make chat    install what is needed, read the notes in corpus/, open the chat in the browser
# make test    the tests
# make check   the linter, the formatter, the type checker and the tests
# make coverage  the tests, and which lines and branches they do not reach
# make pictures the pictures in docs/, in Chromium
# make clean   remove what was installed and built (your notes stay)

# The first of these that really runs (a version manager may offer a name without a Python behind it).
PYTHON ?= $(shell for p in python3.11 python3; do $$p -c pass >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin

.PHONY: chat test check coverage pictures clean
.DEFAULT_GOAL := chat

chat: .venv/installed
	@$(BIN)/python app.py index
	@$(BIN)/python app.py

test: .venv/installed-dev
	@$(BIN)/python -m pytest

check: .venv/installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict
	@$(BIN)/python -m pytest

coverage: .venv/installed-dev
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

pictures: .venv/installed-dev
	@$(BIN)/python -m tests.e2e.pictures

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* index/notes.db* index/vectors.faiss*

# The stamps are newer than the requirements that they stand for: nothing is installed twice.
.venv/installed: requirements.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m compileall -q app.py assistant
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@
