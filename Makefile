# `make help` lists the targets. All of them prepare what they need first (webapp/bootstrap.py).
PORT ?= 8000
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) webapp/bootstrap.py
ARGS ?=
DATABASE ?= sqlite

.DEFAULT_GOAL := help
.PHONY: help run prepare test test-all lint audit format bench screenshots demo-reset

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: ## Start everything on http://127.0.0.1:8000 (PORT=8001 for another port); Ctrl-C stops it
	@exec $(BOOTSTRAP) run --port $(PORT)

prepare: ## Install what is missing and build the browser app, without starting anything
	@$(BOOTSTRAP) prepare

test: ## The tests, with their own Redis, database and browser (ARGS="-k word" goes to pytest; DATABASE=postgres)
	@HEPASTAGE_TEST_DATABASE=$(DATABASE) $(BOOTSTRAP) test $(ARGS)

test-all: ## The tests, the slow ones too
	@$(BOOTSTRAP) test-all $(ARGS)

lint: ## Style, types, import floors, browser app
	@$(BOOTSTRAP) lint

audit: ## Known weaknesses of the pinned packages (asks the advisory services over the network)
	@$(BOOTSTRAP) audit

format: ## Let ruff write the style
	@.venv/bin/python -m ruff format . && .venv/bin/python -m ruff check --fix .

bench: ## Measure: start-up, training and staging speed
	@$(BOOTSTRAP) bench $(ARGS)

screenshots: ## Take the screenshots of the README and the guides anew
	@$(BOOTSTRAP) screenshots $(ARGS)

demo-reset: ## Remove everything stored; the next `make run` begins with a new demonstration
	@$(BOOTSTRAP) demo-reset
