# Pillarbox. `make` alone lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install run demo test check messages baselines mutations faults kills screenshots build events bench bench-crowded spam-report deploy redrive lock clean

SETUP := infra/local/setup.sh
PYTHON := .venv/bin/python
ARCHITECTURE ?= arm64
STAGE ?= dev
SEEDS ?= 1
SUBMISSIONS ?= 10000
TIMES ?= 50
SEED ?= 1
export SAM_CLI_TELEMETRY := 0

help: ## List what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

install: .venv/.done .tools/engine/.done .tools/sam/.done .tools/chromium.path tests/clients/node_modules/.done ## Set up everything that run, test and check need

run: .venv/.done .tools/engine/.done ## Run Pillarbox here, at http://localhost:8000 (PORT=8000)
	@exec $(PYTHON) -m infra.local.run

demo: .venv/.done .tools/engine/.done ## The same with an account, three forms and a hundred submissions
	@exec $(PYTHON) -m infra.local.demo

test: install ## Run all tests
	$(PYTHON) -m pytest -n auto

check: install ## Lint, type-check, validate and build; compare folders, template and policies
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.tools/sam/bin/sam validate --lint
	$(PYTHON) -m infra.local.build host
	$(PYTHON) -m pytest -q tests/infra/test_template.py

baselines: install ## Take what the components look like now for what they shall look like
	REMAKE_BASELINES=yes $(PYTHON) -m pytest -q tests/browser/test_components.py -k as_they_did

mutations: install ## Take out over seventy protections, one after the other, and see a test fail
	PYTHONPATH=layers/core $(PYTHON) -m tests.security.mutations

faults: install ## Accept thousands of submissions while all goes wrong (SEEDS="1 2 3", SUBMISSIONS=10000)
	PYTHONPATH=layers/core $(PYTHON) -m tests.faults $(SEEDS) --submissions $(SUBMISSIONS)

kills: .venv/.done .tools/engine/.done ## Kill all but the engine 50 times under load, and see that nothing is lost (TIMES=2 SEED=7)
	PYTHONPATH=layers/core $(PYTHON) -m tests.faults.kills --times $(TIMES) --seed $(SEED)

screenshots: install ## Write docs/screenshots anew: every page of the demo, on a phone and wide, light and dark (ONLY=inbox)
	PYTHONPATH=layers/core $(PYTHON) -m tests.browser.screenshots $(ONLY)

build: .venv/.done .tools/sam/.done ## Build for Lambda (ARCHITECTURE=arm64 or x86_64)
	$(PYTHON) -m infra.local.build $(ARCHITECTURE)

events: .venv/.done ## Write the events that `sam local invoke` takes
	$(PYTHON) -m infra.local.sample_events

bench: install .tools/bench/.done ## Measure cold and warm, and print it beside the budgets
	PYTHONPATH=layers/core $(PYTHON) -m tests.bench

bench-crowded: .venv/.done ## What pages of a form with 100,000 submissions read, beside those of one with a hundred
	PYTHONPATH=layers/core $(PYTHON) -m tests.bench.crowded

spam-report: .venv/.done ## Measure the spam signals on labelled text (DATA=folder)
	PYTHONPATH=layers/core $(PYTHON) -m tests.bench.spam_report "$(DATA)"

messages: .venv/.done ## Bring the catalogues of visitors' languages up to what code and templates say
	$(PYTHON) -m infra.messages

deploy: build ## Build and deploy (STAGE=dev or prod)
	.tools/sam/bin/sam deploy --config-env $(STAGE) $(if $(CI),--no-confirm-changeset) \
		--parameter-overrides Stage=$(STAGE) Architecture=$(ARCHITECTURE)

redrive: .venv/.done ## Hand again what workers failed to act on (STAGE=local, dev or prod; DRY=1 only says what there is)
	@$(PYTHON) -m infra.redrive --stage $(STAGE) $(if $(DRY),--dry-run)

clean: ## Remove what was built, and the caches; data in .local and the tools stay
	rm -rf .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.tools/*' -not -path './.venv/*' -prune -exec rm -rf {} +

lock: .tools/uv.path ## Compile the hashed requirement files out of pyproject.toml
	$(SETUP) lock

.tools/uv.path: $(SETUP)
	$(SETUP) uv

.venv/.done: requirements/dev.txt .tools/uv.path
	$(SETUP) environment .venv $<

.tools/engine/.done: requirements/engine.txt .tools/uv.path
	$(SETUP) environment .tools/engine $<

.tools/sam/.done: requirements/sam.txt .tools/uv.path
	$(SETUP) environment .tools/sam $<

.tools/bench/.done: requirements/bench.txt .tools/uv.path
	$(SETUP) environment .tools/bench $<

.tools/chromium.path: $(SETUP) .venv/.done
	$(SETUP) chromium

.tools/node.path: requirements/node.txt .tools/uv.path
	$(SETUP) node

tests/clients/node_modules/.done: tests/clients/package-lock.json .tools/node.path
	$(SETUP) clients
