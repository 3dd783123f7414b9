# SwiftPM builds the programs; this file holds what surrounds that. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build test check lint cases generated oracle formats scans s3 fuzz bench man completions prices \
  install uninstall demo bless clean

PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 30

PROGRAMS := $(notdir $(wildcard Sources/inv-*))
SWIFT_PATHS := $(wildcard Sources Tests Fuzz Package.swift)
SCRIPTS := .ci/run $(wildcard scripts/* Fuzz/run completions/bash/*)
PAGES := $(wildcard man/*.[157])
BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 20

deps: ## install the Debian packages that are missing, and only those
	@scripts/deps zlib1g-dev libzstd-dev liblzma-dev libisal-dev libsnappy-dev liblz4-dev \
	  libbrotli-dev libcurl4-openssl-dev libssl-dev mandoc openssl python3 python3-venv zstd \
	  xz-utils

build: ## build the programs for use, in .build/release
	swift build -c release --static-swift-stdlib

check: deps lint test build generated cases oracle formats scans s3 ## everything that must hold before a push
	@echo 'check: all passed'

lint: ## formatting, forbidden calls, man pages, shell syntax
	swift format lint --strict --recursive $(SWIFT_PATHS)
	@! grep -rnE '^[^/]*\bimport Foundation' Sources --include='*.swift' || { \
	  echo 'lint: Foundation does not belong in Sources' >&2; exit 1; }
	@! grep -rnE '(^|[^A-Za-z_])print\(' Sources --include='*.swift' || { \
	  echo 'lint: print loses output silently; write through OutputFile' >&2; exit 1; }
	@[ -z '$(PAGES)' ] || mandoc -T lint -W warning $(PAGES)
	@for f in $(SCRIPTS); do bash -n $$f; done

# Warnings are errors in the debug build only, so that a newer compiler never breaks a user's build.
test:
	swift test -Xswiftc -warnings-as-errors

generated:
	scripts/generate --check man completions prices

cases:
	Tests/cases/run

oracle:
	Tests/oracle/run

formats:
	Tests/formats/run

scans:
	Tests/scans/run
	Tests/scans/du

s3:
	Tests/s3/run

fuzz: ## run each fuzzer for FUZZ_SECONDS (30)
	Fuzz/run $(FUZZ_SECONDS)

bench: build ## time everything; BENCH=small is 1M objects only, BENCH=big goes to 100M
	@scripts/deps python3-venv isal
	INV_BENCH=1 swift build -c release --static-swift-stdlib --product bench-lookup
	INV_BENCH=1 swift build -c release --static-swift-stdlib --product bench-columns
	Bench/run
	Bench/index
	Bench/formats
	Bench/scans
	Bench/s3

man: build ## write the option blocks of the pages in man/ anew
	scripts/generate man

prices: ## write the prices that the programs contain anew, from prices/
	scripts/generate prices

completions: build ## write the files in completions/ anew
	scripts/generate completions

install: ## install what `make build` built; PREFIX=/usr/local, DESTDIR=
	install -d $(BIN) $(SHARE)/man/man{1,5,7} $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d $(SHARE)/inv
	install -s $(PROGRAMS:%=.build/release/%) $(BIN)
	for p in $(PAGES); do install -m 644 $$p $(SHARE)/man/man$${p##*.}; done
	install -m 644 completions/bash/* $(SHARE)/bash-completion/completions
	install -m 644 completions/zsh/* $(SHARE)/zsh/site-functions
	install -m 644 completions/fish/* $(SHARE)/fish/vendor_completions.d
	install -m 644 prices/* $(SHARE)/inv

uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(BIN)/%) \
	  $(foreach p,$(notdir $(PAGES)),$(SHARE)/man/man$(subst .,,$(suffix $p))/$p) \
	  $(PROGRAMS:%=$(SHARE)/bash-completion/completions/%) \
	  $(PROGRAMS:%=$(SHARE)/zsh/site-functions/_%) \
	  $(PROGRAMS:%=$(SHARE)/fish/vendor_completions.d/%.fish) \
	  $(patsubst prices/%,$(SHARE)/inv/%,$(wildcard prices/*))

demo: deps build ## write a sample inventory and run the pipeline over it, in .demo
	scripts/demo

bless: build ## rewrite what a case expects: make bless CASE=inv-cat or CASE=inv-cat/plain
	Tests/cases/run --bless $(or $(CASE),$(error which? make bless CASE=tool/case))

clean: ## remove what was built or made
	rm -rf .build .demo .bench .venv .fuzz
