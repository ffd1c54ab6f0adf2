# Two commands are enough: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow lint check format lock path messages clean
BIN := .venv/bin
QUICK := not slow and not servers and not browser

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup:  ## make or refresh .venv, the front-end files and the message catalogues; quick where nothing changed
	@sh scripts/setup.sh

run: setup  ## start everything with the demonstration of Lampung; Ctrl-C ends it
	@exec $(BIN)/salur up --demo

test: setup  ## run the quick tests
	@$(BIN)/python -m pytest -n 2 -m "$(QUICK)"
	@echo "Not run: tests with real servers, Chromium, and slow ones; make test-slow runs them and names what it misses."

test-slow: setup  ## run the tests that are slow, need real servers or need Chromium
	@$(BIN)/python -m pytest -m "not ($(QUICK))"

lint: setup  ## run all checks that run no code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint src/salur --lint --quiet
	$(BIN)/djlint src/salur_sandbox --profile html --ignore "H020,H030,H031,H042" --lint --quiet  # plain pages, filled by a script

check: lint test  ## what must be green before a commit

format: setup  ## let ruff write the layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## pin pyproject.toml and package.json anew, by hash (needs uv and npm)
	@sh scripts/lock.sh

path: setup  ## write docs/PATH.md from the route
	@$(BIN)/python scripts/path.py

messages: setup  ## gather the texts of the screens into locale/id (needs xgettext: apt install gettext)
	@$(BIN)/python scripts/messages.py gather

clean:  ## remove what set-up and tests made; the data in ./var stays
	rm -rf .venv .servers node_modules src/salur/config/static/vendor src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
