# `make help` lists the targets. CI calls the same ones.

CARGO ?= cargo
# Cargo's own setting wins; this only says where binaries end up.
TARGET := $(or $(CARGO_TARGET_DIR),target)
# `make run PORT=9000 DATA=/tmp/pms PEERS=1`
PORT ?= 8080
DATA ?=
# Any value starts stand-ins for the other modules too.
PEERS ?=
UP_OPTIONS = --port $(PORT) $(if $(DATA),--data-dir $(DATA)) $(if $(PEERS),--with-peers)

.DEFAULT_GOAL := help
.PHONY: help setup run test soak test-keycloak test-charts images test-images test-database db-scripts lint demo bench bench-instructions fuzz fmt doc deny audit clean

help: ## lists the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do printf '  %-14s %s\n' "$$name" "$$text"; done

setup: ## installs missing system packages (Debian, apt)
	@deploy/setup.sh base

run: setup ## runs the whole system on 127.0.0.1:8080; PEERS=1: with stand-ins for the modules around it
	@if [ -x $(TARGET)/debug/pms ]; then \
		echo "Building what changed: seconds for a use case, a minute or two after a pull. Then pms up prints where to look."; \
	else \
		echo "First build: some 350 crates and AWS-LC in C, about four minutes on two idle cores. Then pms up prints where to look."; \
	fi
	$(CARGO) run --locked -p pms -- up $(UP_OPTIONS)

test: ## runs all tests
	@deploy/setup.sh base test
	@deploy/test/tests.sh $(CARGO)

soak: ## the long tests: 20,000 events through a hub that fails at random, notices for 100,000 partners
	@deploy/setup.sh base test
	$(CARGO) test --locked -p pms-integrations --test it -- --ignored --nocapture
	$(CARGO) test --locked -p pms-partner-service --test it many:: -- --ignored --nocapture

test-keycloak: setup ## signs in through a real Keycloak, which it fetches; needs Java
	$(CARGO) build --locked -p pms
	deploy/keycloak/test.sh $(TARGET)/debug/pms $(TARGET)/keycloak

lint: ## formatting, clippy, dependency direction, citations of the contract, links and names of files in the pages
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked -p pms --no-default-features -- -D warnings
	@deploy/check-dependencies.sh
	@deploy/check-citations.sh
	@deploy/check-links.sh

demo: ## onboards a partner at a running `make run`
	$(CARGO) run --locked -p pms -- demo --url http://127.0.0.1:$(PORT)

bench: ## prints a table of rates; SIZES="1000 100000 1000000" partners
	@deploy/setup.sh base bench
	$(CARGO) build --locked --release -p pms -p pms-policy-service -p pms-partner-process -p pms-certificate-service -p pms-bench
	$(if $(SIZES),SIZES="$(SIZES)") benches/run.sh $(TARGET)/release
	benches/certificates.sh $(TARGET)/release
	$(CARGO) bench --locked -p pms-pki

bench-instructions: ## counts the instructions of the hot reads and compares them with those recorded
	@deploy/setup.sh base bench-instructions
	$(CARGO) build --locked --profile fast -p pms -p pms-bench
	benches/instructions.sh $(TARGET)/fast

test-charts: ## lints, renders and validates the charts, and installs them into an API server; builds both on the first run
	@deploy/setup.sh charts
	deploy/test/charts.sh

images: ## builds the images without a registry
	@deploy/setup.sh base images
	deploy/images/build.sh

test-images: ## builds and starts the images with the environment of the reference's charts
	@deploy/setup.sh base test images
	$(CARGO) build --locked -p pms
	deploy/test/images.sh

test-database: ## makes, upgrades, rolls back and restores databases with the scripts for psql
	@deploy/setup.sh base images
	$(CARGO) build --locked -p pms
	PMS=$(TARGET)/debug/pms deploy/test/database.sh

db-scripts: ## writes the scripts for psql anew from the migrations
	db_scripts/generate.py

fuzz: ## feeds the readers of certificates with any bytes, for FUZZ_SECONDS=60
	@fuzz/run.sh

fmt: ## formats the code
	$(CARGO) fmt --all

doc: ## builds the documentation of all crates, and the pages that it cites
	RUSTDOCFLAGS="-D warnings --html-in-header deploy/doc/header.html" $(CARGO) doc --locked --workspace --no-deps --document-private-items
	@deploy/doc/pages.sh $(TARGET)/doc

deny: ## licences, bans and sources of all dependencies
	$(CARGO) deny --locked check licenses bans sources

audit: ## security advisories; needs access to the advisory database
	$(CARGO) deny --locked check advisories

clean: ## removes what was built; data directories stay
	$(CARGO) clean
