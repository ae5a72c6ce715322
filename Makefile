# The commands of this repository. `make report` and `make test` share one build.

CARGO ?= cargo
DESKSTAT = target/release/deskstat
INPUT ?= sample-data

.PHONY: report test one-build check oracle bench install dist sample-data cargo

report: cargo ## print the Monday report on sample-data (or INPUT=folder)
	@$(CARGO) build --release --quiet
	@$(DESKSTAT) report $(INPUT)

test: cargo ## run all tests
	@$(CARGO) test --release

# Packages with their features, as the program needs them and as its tests do.
PACKAGES = tree --prefix none --format '{p} {f}' --edges normal,build

one-build: cargo ## fail where tests turn on features of what the program uses: polars would be built twice
	@mkdir -p target
	@$(CARGO) $(PACKAGES) > target/program.txt
	@$(CARGO) $(PACKAGES),dev > target/tests.txt
	@! grep -v '(\*)$$' target/program.txt | grep -vxFf target/tests.txt || { echo "these would be built anew for the tests" >&2; exit 1; }

check: one-build ## what CI runs: format, lints, tests
	@$(CARGO) fmt --check
	@$(CARGO) clippy --release --all-targets -- --deny warnings
	@$(CARGO) test --release

ORACLE = tests/oracle
SEED ?= 7

oracle: ## compute anew what the oracle expects of every figure (needs python3 with pip); `make test` compares
	@command -v python3 >/dev/null || { echo "make oracle needs python3 with pip" >&2; exit 1; }
	@python3 -m venv target/oracle-venv
	@target/oracle-venv/bin/pip install --quiet --disable-pip-version-check -r $(ORACLE)/requirements.txt
	@target/oracle-venv/bin/python $(ORACLE)/generate.py --seed $(SEED) --out $(ORACLE)/desk
	@target/oracle-venv/bin/python $(ORACLE)/oracle.py $(ORACLE)/desk > $(ORACLE)/expected.csv

ROWS ?= 2000000

bench: cargo ## the same report by DuckDB and by polars in Python: results compared, then times (ROWS=10000000 for more)
	@command -v python3 >/dev/null || { echo "make bench needs python3 with pip" >&2; exit 1; }
	@python3 benches/bench.py --rows $(ROWS)

PREFIX ?= $(HOME)/.local
SHARE = $(PREFIX)/share
COMMANDS = $$($(DESKSTAT) --help | sed -n '/^Commands:/,/^$$/s/^  \([a-z]*\).*/\1/p')

install: cargo ## install the program, its completions and manual pages for this user (PREFIX=/usr/local: for all)
	@$(CARGO) build --release --quiet --locked
	@mkdir -p $(PREFIX)/bin $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d $(SHARE)/man/man1
	@install -m 755 $(DESKSTAT) $(PREFIX)/bin/deskstat
	@strip $(PREFIX)/bin/deskstat
	@$(DESKSTAT) generate completions bash > $(SHARE)/bash-completion/completions/deskstat
	@$(DESKSTAT) generate completions zsh > $(SHARE)/zsh/site-functions/_deskstat
	@$(DESKSTAT) generate completions fish > $(SHARE)/fish/vendor_completions.d/deskstat.fish
	@$(DESKSTAT) generate man > $(SHARE)/man/man1/deskstat.1
	@for command in $(COMMANDS); do $(DESKSTAT) generate man $$command > $(SHARE)/man/man1/deskstat-$$command.1; done
	@echo "installed $(PREFIX)/bin/deskstat, completions and manual pages"
	@command -v deskstat >/dev/null || echo "add $(PREFIX)/bin to your PATH"

dist: cargo ## build the stripped program for other machines: target/dist/deskstat (minutes)
	@$(CARGO) build --profile dist --locked
	@ls -lh target/dist/deskstat

sample-data: cargo ## write sample-data anew, as its generator makes it
	@$(CARGO) run --release --quiet --example retailer -- --out sample-data

cargo:
	@command -v $(CARGO) >/dev/null || { echo "deskstat is built by cargo, which is not here: install Rust 1.95 or newer (rustup), then run make again" >&2; exit 1; }
