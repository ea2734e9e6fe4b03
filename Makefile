# Every recipe is a command that a person could type.
PORT ?= 8501
PYTHON ?= python3
WRITE ?= yes
BIN = .venv/bin

.PHONY: run test lint bench browser
.DELETE_ON_ERROR:

run: .venv/runtime
	LAGESBILD_WRITE=$(WRITE) $(BIN)/streamlit run server.py --server.address 127.0.0.1 --server.port $(PORT)

test: .venv/dev browser
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy geo

bench: .venv/dev browser
	$(BIN)/python -m benchmarks

browser: .venv/dev
	$(BIN)/python -m tests.browser.chromium

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 eller nyare behövs: ange PYTHON=sökväg")'
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
