# The commands of the project. `make help` lists them; what needs more than a line lives in scripts/.

CARGO ?= cargo
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
PROGRAM := $(TARGET_DIR)/release/netsonde

# In continuous integration a lock file that does not fit is an error, not something to mend.
LOCKED := $(if $(CI),--locked)

# What the released program says it was built from.
COMMIT := $(shell git describe --always --dirty 2>/dev/null)

# What the tests build, and what serves the dashboard to the browser: web/e2e/ reads the pages that the check built.
TESTED_PROGRAM := $(abspath $(TARGET_DIR))/debug/netsonde

# make budgets: minutes that the heap is looked at.
MINUTES ?= 1

# make fuzz: seconds for each target, and the targets.
SECONDS ?= 60
FUZZ_TARGETS := assembly catalogue_name dns frame grounding hello naming pcap pcapng quic_assembly quic_initial rtcp rtp

# make conformance: a folder of captures with the truth about them, and how many frames are made up from which seed on.
DIR ?= ../shared/corpus/dev
FRAMES ?= 50000
SEED ?= 1

# make install: where to; with PROGRAM=FILE that one is installed and nothing is built, which root can do without Rust and
# Node. DESTDIR comes before PREFIX while a package is made.
PREFIX ?= /usr/local
INSTALLED_AFTER := $(if $(filter command,$(origin PROGRAM)),,build)
# One word of a shell, whatever is in it.
quoted = '$(subst ','\'',$(1))'
PLACES = PREFIX=$(call quoted,$(PREFIX)) DESTDIR=$(call quoted,$(DESTDIR))

# The dashboard, as the program embeds it.
DASHBOARD := web/dist/index.html
DASHBOARD_SOURCES := $(shell find web/src web/public web/scripts -type f 2>/dev/null) web/index.html web/vite.config.ts
NODE_MODULES := web/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build install uninstall test conformance types fmt screenshots budgets bench fuzz clean
.PHONY: build-tools test-tools conformance-tools bench-tools fuzz-tools

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: build-tools $(DASHBOARD) ## the dashboard; INTERFACE=NAME captures there at once, FILE=x.pcap reads a capture
	@NETSONDE_COMMIT=$(COMMIT) $(CARGO) build $(LOCKED) --release -p netsonde
	@scripts/run $(PROGRAM)

build: build-tools $(DASHBOARD) ## the release program, and how to give it capture rights
	NETSONDE_COMMIT=$(COMMIT) $(CARGO) build $(LOCKED) --release -p netsonde
	@echo
	@echo "Built: $(PROGRAM)"
	@echo "To capture without being root, give the file the right to (again after each build):"
	@echo "  sudo setcap cap_net_raw,cap_net_admin=eip $(PROGRAM)"
	@echo "To install it: sudo make install PROGRAM=$(PROGRAM)"

install: $(INSTALLED_AFTER) ## program, manual, completions and service to PREFIX=/usr/local; PROGRAM=FILE builds nothing
	@$(PLACES) scripts/install $(call quoted,$(PROGRAM))

uninstall: ## take away what make install put to PREFIX, and nothing else
	@$(PLACES) scripts/install --uninstall

test: test-tools $(NODE_MODULES) ## everything that must hold: format, lints, tests, doc tests, docs, tidy, the dashboard in a browser
	cd web && npm run check
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy $(LOCKED) --workspace --all-targets -- -D warnings
	$(CARGO) nextest run $(LOCKED) --workspace --no-fail-fast
	cd web && NETSONDE_PROGRAM=$(TESTED_PROGRAM) npm run e2e
	$(CARGO) test $(LOCKED) --workspace --doc
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(LOCKED) --workspace --no-deps

# docs/conformance.md says how to read it. Without the dashboard's pages, which it does not need; the countries are a package
# of the dashboard's.
conformance: conformance-tools $(NODE_MODULES) ## the numbers against tshark: captures with their truth in DIR=../shared/corpus/dev, made-up traces
	$(CARGO) build $(LOCKED) --release -p netsonde
	@$(CARGO) run $(LOCKED) --quiet -p xtask -- conformance $(call quoted,$(DIR)) \
		--program $(call quoted,$(PROGRAM)) --keep $(call quoted,$(TARGET_DIR)/conformance) --frames $(FRAMES) --seed $(SEED)

# `npm ci` asks for packages of other systems that a lock file without addresses does not hold; --no-save keeps the
# lock file as it is and installs what it says.
$(NODE_MODULES): web/package.json web/package-lock.json
	cd web && npm install --no-save --no-audit --no-fund
	@touch $@

$(DASHBOARD): $(NODE_MODULES) $(DASHBOARD_SOURCES)
	cd web && npm run build

types: ## the dashboard's types, made from the messages of the program
	NETSONDE_WRITE_TYPES=1 $(CARGO) test $(LOCKED) -p netsonde-messages --test typescript

fmt: ## format the sources
	$(CARGO) fmt --all

screenshots: test-tools $(DASHBOARD) ## pictures of every state of the dashboard, for README.md and docs/screens/
	$(CARGO) build $(LOCKED) -p netsonde
	cd web && NETSONDE_PROGRAM=$(TESTED_PROGRAM) npm run screenshots

budgets: test-tools $(DASHBOARD) ## the dashboard's speed against its budgets, MINUTES=1 for the memory
	NETSONDE_COMMIT=$(COMMIT) $(CARGO) build $(LOCKED) --release -p netsonde
	cd web && NETSONDE_PROGRAM=$(abspath $(PROGRAM)) npm run budgets -- --minutes $(MINUTES)

bench: bench-tools $(NODE_MODULES) ## the benchmarks of every room, and analyze from end to end (docs/benchmarks.md says how to read them)
	@CARGO="$(CARGO)" scripts/bench

# New inputs go to a scratch corpus, so that a run leaves the committed one alone.
fuzz: fuzz-tools ## fuzz the decoders and both file readers, SECONDS=60 each
	@set -e; for target in $(FUZZ_TARGETS); do \
		echo "fuzzing $$target for $(SECONDS) s"; \
		mkdir -p "fuzz/target/corpus/$$target"; \
		$(CARGO) +nightly fuzz run --fuzz-dir fuzz "$$target" \
			"fuzz/target/corpus/$$target" "fuzz/corpus/$$target" -- -max_total_time=$(SECONDS); \
	done

clean: ## remove what was built
	$(CARGO) clean
	rm -rf web/dist web/node_modules

build-tools test-tools conformance-tools bench-tools fuzz-tools: %-tools:
	@scripts/tools $*
