# Everything starts from a bare clone with Python 3.11, git and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3.11
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export ASC_HOME ?= $(CURDIR)/data
export DBT_PROFILES_DIR := $(CURDIR)/profiles
export DO_NOT_TRACK := 1
PERSONS ?= 6000
AREA ?=
SIZES ?=
AS_TEST := --vars '{accept_test_nhs_numbers: true}'

.PHONY: help setup setup-spark demo demo-spark check test test-warehouse test-parts test-static test-full lint exposures bench lock clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.installed ## Make .venv with everything locked

$(VENV)/.installed: requirements.lock requirements-data.lock pyproject.toml
	command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --no-deps \
		-r requirements-data.lock
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

setup-spark: $(VENV)/.installed-spark ## Add what the target `spark` needs; Java 17 must be there

$(VENV)/.installed-spark: $(VENV)/.installed requirements-spark.lock
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-spark.lock
	touch $@

demo-spark: setup-spark ## The sample, landed and then built by Apache Spark, under ASC_HOME
	$(BIN)/asc keys init
	$(BIN)/asc sample --persons $(PERSONS)
	$(BIN)/asc land
	$(BIN)/python -m plugins.spark_sources
	$(BIN)/python -m plugins.spark build --exclude-resource-type unit_test $(AS_TEST)

demo: setup ## Sample, land, build, release, verify, report, docs: all under ASC_HOME
	$(BIN)/asc keys init
	$(BIN)/asc sample --persons $(PERSONS)
	$(BIN)/asc land
	$(BIN)/dbt build $(AS_TEST)
	$(BIN)/asc release
	$(BIN)/asc verify
	$(BIN)/dbt docs generate --static $(AS_TEST)
	$(BIN)/asc report
	$(BIN)/asc summary

lint: setup ## ruff and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PATH="$(BIN):$$PATH" $(BIN)/python tests/static/sql_lint.py

check: setup ## Static checks that need no data, under a minute
	$(MAKE) -j2 lint test-static

test-static: setup ## The part of the tests that needs no data
	$(BIN)/pytest tests/static

test: lint ## Lint, pytest, and a whole build with all dbt tests on a small sample
	$(MAKE) -j2 test-warehouse test-parts

# The canary shares no warehouse with the others: it runs in the shorter part.
CANARY := tests/pipeline/test_canary.py

test-warehouse: setup ## The part of the tests that builds whole warehouses
	$(BIN)/pytest tests/pipeline --ignore=$(CANARY)

test-parts: setup ## All other tests
	$(BIN)/pytest --ignore=tests/pipeline
	$(BIN)/pytest $(CANARY)

test-full: test ## The deeper and slower checks too
	$(BIN)/pytest -o addopts=-q -s tests/full

exposures: setup ## Write dbt's exposures of the agreements again, after a change of the register
	$(BIN)/python -m reports.exposures

bench: setup ## Benchmarks against peers, all or of one area, e.g. make bench AREA=collect
	$(BIN)/python -m benchmarks$(AREA:%=.%) $(SIZES)

PIN := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate

lock: setup ## Pin every dependency with its hashes again
	$(PIN) --extra dev --extra sample -o requirements.lock pyproject.toml
	$(PIN) --extra spark --constraint requirements.lock -o requirements-spark.lock pyproject.toml

clean: ## Remove what a build leaves behind (not the data folder)
	rm -rf target logs .sqlfluff_passed.json .pytest_cache .ruff_cache .hypothesis
