# Thin lines over cargo. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: demo test check bench dist soak train peers help

demo: ## Build the binary and see the whole journey on this machine, without a network
	cargo run --quiet --locked --profile fast --package sealift-cli -- demo

test: ## Run all tests
	cargo test --workspace --locked

# Built with the features that the tests are built with, so that nothing is compiled twice.
check: test ## Everything that must hold before a change lands: tests, lints, docs, dependencies, scores, the static binary
	cargo build --workspace --bins --tests --locked
	"$${CARGO_TARGET_DIR:-target}/debug/xtask" check

bench: ## Measure scanning, copying, rendering and hostile schemas against the limits that we promise
	cargo xtask bench

dist: ## Build the static binary and run it where there is nothing else
	cargo xtask dist

soak: ## Long runs: every fuzz target, YAML against libyaml, each value of each chart changed, kills in the middle of a copy
	cargo xtask soak --minutes 12

train: ## Record anew how often each function runs, for the compiler of the static binary
	cargo xtask train

peers: ## Install the real tools that some tests compare with
	cargo xtask peers

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
