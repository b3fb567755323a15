# bench.mk
#	What the benchmarks are made of. Included by the root Makefile.

build/bench/paired: test/bench/paired.c
	@mkdir -p build/bench
	$(CC) -O2 -std=gnu11 -Wall -Wextra $(if $(filter 1,$(CI)),-Werror) -I$(shell $(PG_CONFIG) --includedir) -o $@ $< -lpq
