# make run    set up what is missing, then open the editor     make run FILES="a.jpg b.png"
#             (without a display: the tour, into patina-tour)
# make test   the same set-up, then every test, without a screen
# make lint   ruff and mypy
# make bench  the tables of tests/benchmarks
# make clean  forget the set-up and everything that was built

.DEFAULT_GOAL := run
.PHONY: run test lint bench clean

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv/bin/python
FILES ?=
TESTS ?= tests

run: .venv/ready
	@if test -n "$(FILES)$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" || test "$$(uname)" != Linux; \
	then $(VENV) main.py $(FILES); \
	else echo "There is no display here for the window: this is the tour, into patina-tour."; \
	$(VENV) main.py tour --force; fi

test: .venv/ready-to-test
	QT_QPA_PLATFORM=offscreen $(VENV) -m pytest -n 2 --dist worksteal $(TESTS)

lint: .venv/ready-to-test
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy

bench: .venv/ready-to-test
	@QT_QPA_PLATFORM=offscreen $(VENV) -m tests.benchmarks

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis *.egg-info
	find editor resources tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Set up again when what is needed has changed; otherwise the program starts at once.
.venv/ready: pyproject.toml resources/install.py
	@$(found)
	@$(PYTHON) resources/install.py

.venv/ready-to-test: pyproject.toml resources/install.py
	@$(found)
	@$(PYTHON) resources/install.py --to-test

found = test -n "$(PYTHON)" || { echo "Patina needs Python 3.11 or newer with its venv module\
 (Debian and Ubuntu: sudo apt-get install python3 python3-venv)."; exit 1; }
