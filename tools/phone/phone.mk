# phone.mk
#	The phone number tables and what tests them. Included by the root Makefile; run make there.
#
#	make phone-tables    extension/phone_tables.h from the pinned metadata
#	make phone-corpus    test/phone/corpus.tsv.gz from the same
#	make phone-drift     what new tables change, against those of the last commit (OLD=FILE: against others)
#
# The tables are committed: no other target makes them, and the extension's build needs no npm.

PHONE_CORE = extension/phone.c extension/phone_text.c extension/phone_caller.c
PHONE_HEADERS = extension/phone.h extension/phone_internal.h
PHONE_FLAGS = -std=gnu11 -Wall -Wextra -Wshadow -Wmissing-prototypes $(if $(filter 1,$(CI)),-Werror)
PHONE_SANITIZE = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: phone-tables phone-corpus phone-drift
phone-tables: node_modules/.package-lock.json
	node tools/phone/generate.js

phone-corpus: node_modules/.package-lock.json
	node tools/phone/corpus.js

phone-drift: node_modules/.package-lock.json build/phone/phone_read
	node tools/phone/drift.js $(if $(OLD),--old $(OLD)) $(if $(COUNT),--count $(COUNT))

# The sources of a program are what it depends on, but for the headers.
build/phone/phone_read: test/phone/phone_read.c $(PHONE_CORE) $(PHONE_HEADERS) extension/phone_tables.h
	@mkdir -p build/phone
	$(CC) -O2 $(PHONE_FLAGS) -o $@ $(filter %.c,$^)

build/phone/phone_test: test/phone/phone_test.c $(PHONE_CORE) $(PHONE_HEADERS) extension/phone_tables.h
	@mkdir -p build/phone
	$(CC) $(PHONE_SANITIZE) $(PHONE_FLAGS) -o $@ $(filter %.c,$^)

build/phone/phone_bench: test/phone/phone_bench.c $(PHONE_CORE) $(PHONE_HEADERS) extension/phone_tables.h
	@mkdir -p build/phone
	$(CC) -O2 $(PHONE_FLAGS) -o $@ $(filter %.c,$^)

# The same core over the metadata of libphonenumber 8.12.56, to compare with Debian's 8.12.57.
build/phone/phone_tables_2022.h: tools/phone/generate.js $(wildcard tools/phone/lib/*.js) node_modules/.package-lock.json
	@mkdir -p build/phone
	node tools/phone/generate.js --package google-libphonenumber-2022 --output $@

build/phone/phone_read_2022: test/phone/phone_read.c $(PHONE_CORE) $(PHONE_HEADERS) build/phone/phone_tables_2022.h
	$(CC) -O2 $(PHONE_FLAGS) -I. -DPHONE_TABLES='"build/phone/phone_tables_2022.h"' -o $@ $(filter %.c,$^)

# Debian's libphonenumber (package libphonenumber-dev).
build/phone/phone_cpp: test/phone/phone_cpp.cc
	@mkdir -p build/phone
	$(CXX) -std=c++17 -O2 -Wall -o $@ $< -lphonenumber

build/phone/phone_fuzz: test/fuzz/phone_fuzz.c $(PHONE_CORE) $(PHONE_HEADERS) extension/phone_tables.h
	@mkdir -p build/phone
	clang -std=gnu11 -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $(filter %.c,$^)
