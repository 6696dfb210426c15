# Attention You Can Run. `make help` lists what there is; the work itself lives in tools/, which runs without make.
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
RUN    := $(BIN)/python
READY  := $(VENV)/.ready
PIP    := $(RUN) -m pip --disable-pip-version-check --quiet

.PHONY: help book test lab serve notebooks assignments facts lint format bench lock clean

help:  ## List these commands
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do printf '%-18s %s\n' "  $$target" "$$what"; done

book: $(READY)  ## Build the website into _build/html, executing what changed
	@$(RUN) tools/build.py

# As many tests at once as there are processors, who has none left takes from another; one thread each, as pages are
# executed: small models gain nothing from a second one.
test: export OMP_NUM_THREADS = 1
test: $(READY)  ## Build the book and run all tests, in the browser and in JupyterLab too
	@$(RUN) tools/browser.py
	@$(RUN) tools/sandbox.py
	@$(RUN) tools/build.py
	@$(RUN) -m pytest -n auto --maxprocesses 4 --dist worksteal

lab: $(READY)  ## Open the notebooks in JupyterLab
	@$(RUN) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

serve: book  ## Serve the built website on a free port of this machine
	@$(RUN) tools/serve.py

notebooks: $(READY)  ## Write notebooks/*.ipynb anew from book/*.md
	@$(RUN) tools/notebooks.py

assignments: $(READY)  ## Write notebooks/assignments/release anew from the teacher's texts
	@$(RUN) tools/assignments.py

facts: $(READY)  ## Write what JavaScript needs of Python's declarations anew
	@$(RUN) tools/facts.py

lint: $(READY)  ## Check style (ruff), types (mypy) and that what is generated is fresh
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@$(RUN) -m mypy
	@$(RUN) tools/notebooks.py --check
	@$(RUN) tools/assignments.py --check
	@$(RUN) tools/facts.py --check

format: $(READY)  ## Format the Python files
	@$(RUN) -m ruff check --fix
	@$(RUN) -m ruff format

bench: book  ## Measure pages, explorers and grading against their stock counterparts
	@$(RUN) tools/browser.py
	@$(RUN) benchmarks/run.py

lock: $(READY)  ## Resolve all pinned versions anew (needs uv)
	@$(RUN) tools/lock.py

clean:  ## Remove everything that was built, but not the environment
	@rm -rf _build build

# One environment for everything, made anew only when the lock or the package's metadata changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The book needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...")'
	@echo "Installing the pinned environment into $(VENV) (a few minutes the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@# PyTorch's own index has the small wheel for the CPU; where it cannot be reached, PyPI's does as well.
	@$(PIP) install --retries 0 --extra-index-url https://download.pytorch.org/whl/cpu -c requirements.lock torch
	@# The lock names everything that is needed, and leaves out what a package asks for but the book does not use.
	@$(PIP) install --no-deps -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(READY)
