# callcenter: the extension, the REST server and everything that runs them.
#
# This file owns the build products and the commands of README and CONTRIBUTING.
# Rules: what is built is listed by its owner, never globbed (extension/extension.mk,
# rest/rest.mk, tools/phone/phone.mk); the version stands in callcenter.control
# alone; warnings are errors only with CI=1, so that a newer compiler never stops
# an install.  Targets that need packages go through tools/deps and then call
# make again, because before that pg_config may not be there.
#
#   make help        what there is to call

PG_CONFIG ?= pg_config
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
export PG_CONFIG

EXTENSION = callcenter
MODULE_big = callcenter
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" callcenter.control 2>/dev/null)

include $(wildcard extension/extension.mk)

EXTENSION_SCRIPT = sql/callcenter--$(EXTVERSION).sql
UPDATE_SCRIPT = $(if $(UPDATE_FROM),sql/callcenter--$(UPDATE_FROM)--$(EXTVERSION).sql)
DATA_built = $(EXTENSION_SCRIPT) $(UPDATE_SCRIPT)
DATA = $(sort $(wildcard sql/upgrade/callcenter--*--*.sql))

PG_CPPFLAGS += -Iextension -DCALLCENTER_VERSION='"$(EXTVERSION)"'
PG_CFLAGS += -Wall -Wextra -MMD -MP $(if $(filter 1,$(CI)),-Werror)
SHLIB_LINK = -lcrypto -Wl,--version-script=extension/exports.map
EXTRA_CLEAN = $(OBJS:.o=.d) build

# The first goal; PGXS adds the library, the control file and the script to it.
all:

PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))
ifneq ($(PGXS),)
PG_MAJOR := $(shell $(PG_CONFIG) --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
ifeq ($(shell test "$(PG_MAJOR)" -ge 15 && echo yes),)
$(error callcenter needs PostgreSQL 15 or newer, but $(PG_CONFIG) is of version $(PG_MAJOR); set PG_CONFIG)
endif
include $(PGXS)
endif

include $(wildcard rest/rest.mk tools/phone/phone.mk tools/demo/demo.mk test/bench/bench.mk)

# ---------------------------------------------------------------- build

REST_MODULE = build/rest/callcenter.so

.PHONY: build
build: need-pgxs callcenter.so $(EXTENSION_SCRIPT) $(UPDATE_SCRIPT) $(REST_MODULE)

.PHONY: need-pgxs
need-pgxs:
	@test -n "$(PGXS)" || { \
		echo "make: no PostgreSQL development files (pg_config --pgxs); install them with: tools/deps install run" >&2; exit 1; }

$(OBJS): Makefile extension/extension.mk callcenter.control
callcenter.so: extension/exports.map
-include $(OBJS:.o=.d)

$(EXTENSION_SCRIPT): $(SQL_PARTS) extension/extension.mk callcenter.control
	cat $(SQL_PARTS) > $@.new
	mv $@.new $@

$(UPDATE_SCRIPT): $(UPDATE_PARTS) extension/extension.mk callcenter.control
	cat $(UPDATE_PARTS) > $@.new
	mv $@.new $@

build/again/%.sql: sql/parts/%.sql sql/upgrade/again.awk
	@mkdir -p $(@D)
	awk -f sql/upgrade/again.awk $< > $@

# npm packages are for the tests and the phone table generator only.
node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund
	touch $@

# ---------------------------------------------------------------- run

.PHONY: run start stop status reset
run start:
	@tools/deps install run
	@$(MAKE) -s --no-print-directory build
	@tools/cluster/cluster $@

stop status reset:
	@tools/cluster/cluster $@

# ---------------------------------------------------------------- test

.PHONY: test test-long bench lint fuzz
test test-long: test_kind = $(if $(filter test-long,$@),long,short)
test test-long:
	@tools/deps install run test $(filter-out short,$(test_kind))
	@$(MAKE) -s --no-print-directory build node_modules/.package-lock.json
	@test/run --$(test_kind)

lint:
	@tools/deps install run test
	@$(MAKE) -s --no-print-directory build node_modules/.package-lock.json
	@test/run --kind lint

bench:
	@tools/deps install run bench
	@$(MAKE) -s --no-print-directory build node_modules/.package-lock.json
	@test/run --kind bench

fuzz:
	@tools/deps install run fuzz
	@$(MAKE) -s --no-print-directory build node_modules/.package-lock.json
	@test/run --kind fuzz

# ---------------------------------------------------------------- install

# PGXS installs the extension; the REST server, the page, a sample of its
# settings and a systemd unit go below PREFIX and SYSCONFDIR.
.PHONY: install-rest install-extension
ifneq ($(WITH_REST),no)
install: install-rest
endif
install-rest: $(REST_MODULE)
	tools/install/rest "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)"

install-extension:
	$(MAKE) --no-print-directory WITH_REST=no install

.PHONY: help
help:
	@sed -n 's/^#: //p' Makefile

#: make run          install what is missing, build, start with demo data; Ctrl-C stops it
#: make start        the same in the background; make stop, make status
#: make reset        throw the private cluster away
#: make test         every short suite; make test-long adds the long ones
#: make lint         shell, JavaScript, C symbols, catalog
#: make bench        figures; make fuzz: fuzzers
#: make build        the library, the install and update scripts and the REST module
#: make install      into the server of PG_CONFIG, the REST server below PREFIX
#: make install-extension   the extension alone
#:
#: CALLCENTER_VAR (var/), CALLCENTER_HTTP_PORT (8080), CALLCENTER_PG_PORT (54329),
#: CALLCENTER_DEMO=0 for an empty database, PG_CONFIG, CI=1 for -Werror

.DELETE_ON_ERROR:
