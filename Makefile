# `make assess` and `make test` need python3 (3.11 or later), python3-venv, python3-dev, gcc and make.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: assess model test run-tests lint format lock benchmark mutation clean

# One pupil of the invented sample county, under both policies.
assess: $(READY)
	@$(BIN)/edtravel compare --sample

# The change of September 2018 over a population of the invented sample county, and the report of it.
model: $(READY)
	@mkdir -p .model
	@test -f .model/pupils.parquet || $(BIN)/edtravel population generate --sample --out .model/pupils.parquet
	@$(BIN)/edtravel model run --population .model/pupils.parquet --policies somerset-2016 somerset-2018 --out .model/change
	@$(BIN)/edtravel model report .model/change --html .model/report.html --xlsx .model/report.xlsx --area sample

# The types are checked beside the tests, because either leaves a core idle at times.
test: $(READY)
	@$(MAKE) --no-print-directory --jobs=2 lint run-tests

run-tests: $(READY)
	$(BIN)/python -m pytest -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The stamp is older than these two files exactly when something may have to be installed.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "edtravel needs Python 3.11 or later; name one with make PYTHON=..." >&2; exit 1; }
	@echo "Setting up .venv (once; a minute or two) ..." >&2
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# How fast the reference engine and the distances are beside other programs, each in an environment of its own under
# .venv-benchmarks/. The second takes half an hour.
benchmark: $(READY)
	@$(BIN)/python -m benchmarks.reference_engine
	@$(BIN)/python -m benchmarks.frame_engine
	@$(BIN)/python -m benchmarks.geography

# Whether the tests notice a mistake: many hours of one core, and goes on where it was stopped. See docs/mutation-testing.md.
mutation: $(READY)
	@$(BIN)/python -m mutation

# Choose new versions of everything, after a change of the dependencies in pyproject.toml.
lock: $(READY)
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --all-extras --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .venv-benchmarks .model dist build .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
