# `make` alone lists what can be done.

# The stack of samconfig.toml for build, deploy, logs and key.
ENV   ?= default
ifneq ($(filter-out default prod,$(ENV)),)
$(error ENV=$(ENV): must be default or prod)
endif
STACK ?= $(if $(filter prod,$(ENV)),windfall,windfall-dev)

# Architecture of the Lambda build, equal to the template's parameter. Exported,
# as `sam build` runs make again without it.
ARCH  ?= arm64
export ARCH
GOARCH_BUILD = $(if $(filter x86_64,$(ARCH)),amd64,$(ARCH))

# The template's parameters, for build and deploy: PARAMS="ThrottleRate=100 …" adds others. A parameter
# that is not given keeps the stack's value.
PARAMETERS = Stage=$(if $(filter prod,$(ENV)),prod,dev) Architecture=$(ARCH) \
	$(if $(ALARM_EMAIL),AlarmEmail=$(ALARM_EMAIL)) $(PARAMS)

# On a terminal, deploy asks once for the address for alarms.
ifneq ($(filter deploy,$(MAKECMDGOALS)),)
ifndef ALARM_EMAIL
ALARM_EMAIL := $(shell test ! -t 0 || { printf 'Who is told about alarms? An e-mail address, or nothing to leave it as it is: ' >&2; read -r to; echo "$$to"; })
endif
endif

FUNCTIONS    = $(notdir $(wildcard functions/*))
# lambda.norpc: without net/rpc, which the former go1.x runtime used. nethttpomithttp2: neither
# DynamoDB nor stripe-go needs HTTP/2, and without it a binary is 350 KB smaller. -l: small functions
# are called, not copied into their callers: another 220 KB outside the standard library, and 450 KB in
# those parts of it that no loop of a rule spends its time in. -funcalign: functions begin
# anywhere, not at multiples of 32 bytes: 185 KB on amd64. On arm64 it is 16 either way.
LAMBDA_FLAGS = -trimpath -tags=lambda.norpc,nethttpomithttp2 '-ldflags=-s -w -buildid= -funcalign=1' \
	$(patsubst %,-gcflags=%=-l,windfall/... github.com/... net net/http net/textproto \
	bufio bytes io/... syscall crypto/... math/big encoding/asn1 encoding/base64 encoding/pem mime/... compress/... regexp/... log/... os os/... context \
	encoding/json fmt internal/... reflect strings time vendor/golang.org/x/...)
BUILD = CGO_ENABLED=0 go build $(LAMBDA_FLAGS)

# `go run` and the shell would turn Ctrl-C into an error; the program itself exits cleanly.
START = @$(BUILD) -o .local/bin/windfall ./local && exec .local/bin/windfall

.DEFAULT_GOAL := help
.PHONY: help dev demo dev-lambda test docs openapi types schemathesis contract check build binaries invoke deploy logs key admin upgrade scenarios story \
	conformance conformance-live conformance-figures conformance-dynamodb golden parts browser screenshots chaos race walk fuzz budgets bench growth memory goflags FORCE

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

dev: ## Run everything on this machine: API, database, Stripe, a page that shows them
	$(START) $(if $(ADDR),-addr $(ADDR)) $(ARGS)

demo: ## The same with 200 customers and three months of their history, in .local/demo: what the dashboard is for
	$(START) -history -data .local/demo $(if $(ADDR),-addr $(ADDR)) $(ARGS)

dev-lambda: binaries ## The same with each function as its built binary
	$(START) -lambda .local/build $(if $(ADDR),-addr $(ADDR)) $(ARGS)

test: ## Run every test: Go, Node, the pages in a browser
	scripts/test

docs: ## Make openapi.yaml from the folder openapi/, and the reference in docs/api.md from it
	go run ./scripts/openapi

openapi: docs ## The same

types: ## Make the Go types of examples/go from openapi.yaml
	scripts/generate-types

schemathesis: ## Send requests made from openapi.yaml to a local stack for 5 minutes (needs Python); ARGS=20 for longer
	scripts/schemathesis $(ARGS)

contract: ## Count the exchanges of all suites that were checked against openapi.yaml, and make mistakes that must be found
	go run ./tests/contract/count $(ARGS)

check: ## Format, vet, lint, template, fast tests: what a change must pass
	scripts/check

build: ## Build every function for Lambda (needs the SAM CLI)
	@case '$(ARCH)' in arm64|x86_64) ;; *) echo 'ARCH=$(ARCH): must be arm64 or x86_64'; exit 1;; esac
	sam build --config-env $(ENV) --parameter-overrides $(strip $(PARAMETERS))

binaries: $(FUNCTIONS:%=.local/build/%/bootstrap) ## Build every function for this machine, into .local/build

.local/build/%/bootstrap: FORCE
	$(BUILD) -o $@ ./functions/$*

FORCE:

# Go keeps each compiled package, and compiles it again for other flags.
goflags: ## Print the flags of the Lambda build as a value of GOFLAGS: tests that build a program use them, too
	@echo "$(LAMBDA_FLAGS)"

invoke: ## Run one event through a built function: make invoke F=check E=events/check.json
	@test -n "$(F)" || { echo 'name a function: make invoke F=check'; exit 1; }
	@$(MAKE) --no-print-directory -s .local/build/$(F)/bootstrap
	go run ./local/invoke -function $(F) -event $(or $(E),events/$(F).json)

deploy: build ## Deploy to AWS: make deploy ALARM_EMAIL=you@example.com, or ENV=prod
	@$(if $(ALARM_EMAIL),:,echo 'No ALARM_EMAIL is given: alarms go where this stack sent them before, and nowhere from a new one (see AlarmsGoTo below).')
	sam deploy --config-env $(ENV) --parameter-overrides $(strip $(PARAMETERS))

logs: ## Follow the logs: make logs F=CheckFunction, or ENV=prod
	sam logs --stack-name $(STACK) $(if $(F),--name $(F)) --tail

key: ## Make an API key of a deployed stack; ARGS="-list", ARGS="-revoke NAME", ENV=prod
	go run ./scripts/key -stack $(STACK) $(ARGS)

admin: ## Make somebody an editor of a deployed dashboard, and print a link to choose a password: make admin EMAIL=you@example.com
	@test -n "$(EMAIL)" || { echo 'name somebody: make admin EMAIL=you@example.com'; exit 1; }
	@go run ./scripts/key -stack $(STACK) -admin '$(EMAIL)'

upgrade: ## Give the rows of earlier releases in a deployed table what those of this one have, after a deployment; ENV=prod
	go run ./scripts/upgrade -stack $(STACK)

scenarios: ## Run every story and list the scenarios: pass, fail or missing
	go run ./tests/play

story: ## Run the stories of one scenario, invariant or word: make story S=UPG-02, I-16, Overage; CALLS=1 prints their calls
	@test -n "$(S)" || { echo 'name a scenario, an invariant or a word: make story S=UPG-02'; exit 1; }
	@go run ./tests/play $(if $(CALLS),-calls) '$(S)'

parts: ## Compare template, functions, routes, events and variables with each other
	go test ./tests/wiring -count=1

browser: ## Test the hosted pages in a real Chromium (needs Node; scripts/install-chromium)
	@scripts/test-browser

screenshots: ## Take a picture of every page, wide and narrow, light and dark, into .local/screenshots (or DIR=), and those of docs/dashboard.md
	@SCREENSHOTS="$(abspath $(or $(DIR),.local/screenshots))" scripts/test-browser
	go run ./scripts/pictures docs/pictures

conformance: ## Check every exchange with Stripe in all suites against its OpenAPI document; CONFORMANCE=1 does so in any test
	go run -C tests/conformance/openapi . $(ARGS)

conformance-live: ## Print the requests for Stripe itself; STRIPE_TEST_KEY=sk_test_... sends them and compares
	go run ./tests/conformance/live

golden: ## Check the figures of Stripe, published and by hand, and print them with their sources
	go test ./local/stripesim -run Golden -count=1
	go run ./tests/conformance/figures

conformance-figures: ## Print each figure that Stripe publishes: expected, got from the simulator, and its source
	go run ./tests/conformance/figures

conformance-dynamodb: ## Replay recorded answers of DynamoDB; DYNAMODB_ENDPOINT=... for another one
	go test ./tests/conformance/dynamodb -count=1 -v

race: ## Run every Go test under the race detector, and more random cases than make test
	go test -race -ldflags=-w -timeout 60m ./...

walk: ## Run 2,000 new random steps under invariants, and compare 1,000 previews with their charge; 20,000 of referral programs
	go test -c -o .local/walk.test ./tests/walk
	cd tests/walk && $(CURDIR)/.local/walk.test -test.v -test.timeout 30m -walk.steps 2000 -walk.previews 1000 -walk.referrals 20 -walk.referral-steps 1000 -walk.seed $(or $(SEED),$(shell date +%s)) $(ARGS)

chaos: ## Crash, delay, repeat and shuffle every money command, and print how often it recovered
	go test -c -o .local/chaos.test ./tests/chaos
	cd tests/chaos && $(CURDIR)/.local/chaos.test -table -chaos.one-of 1

fuzz: ## Send 50,000 random requests over all routes: no 5xx, and a refusal writes nothing
	go test ./tests/security -count=1 -v -run TestRandomRequests -security.requests 50000 -security.seed $(or $(SEED),$(shell date +%s))

budgets: ## Count database requests, capacity, binary sizes and init times against their budgets
	go test ./tests/budgets/... -count=1 -v

bench: .local/build/check/bootstrap .local/build/track/bootstrap ## Measure the hot paths; docs/performance.md explains the figures
	go test $$(go list ./... | grep -v /tests/growth) -run '^$$' -bench . -benchmem

growth: ## Compare the cost of calls while a catalog, a history or a customer grows; a ratio beyond its limit fails
	go test ./tests/growth -run '^$$' -bench . -skip Memory -benchtime 1x -timeout 30m

memory: ## What functions need of Lambda's memory, and what garbage costs at 128, 256 and 512 MB (Linux)
	go test ./tests/growth -run '^$$' -bench Memory -benchtime 1x -timeout 30m

# SAM calls build-<LogicalId> for every function: CheckFunction is functions/check.
build-%:
	@folder=$$(echo '$*' | sed -E 's/Function$$//; s/([a-z0-9])([A-Z])/\1_\2/g' | tr '[:upper:]' '[:lower:]'); \
	GOOS=linux GOARCH=$(GOARCH_BUILD) $(BUILD) -o '$(ARTIFACTS_DIR)/bootstrap' "./functions/$$folder"
