# rest.mk
#	The REST server: build/rest/callcenter.so, a module that Kore loads.
#	Included by the root Makefile; run make there.
#
# Kore's features line is part of its ABI (struct http_request has members under #if): without it the module crashes.

REST_FEATURES = $(shell cat /usr/share/kore/features 2>/dev/null)
REST_OBJECTS = $(addprefix build/rest/, main.o shim.o head.o router.o params.o json.o session.o address.o reply.o sqlstate.o \
	db.o static.o export.o health.o metrics.o log.o text.o)
REST_CFLAGS = -std=gnu11 -O2 -g -fPIC -fvisibility=hidden -fno-strict-aliasing -D_GNU_SOURCE \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith $(if $(filter 1,$(CI)),-Werror)

build/rest/callcenter.so: $(REST_OBJECTS)
	$(CC) -shared -Wl,-z,relro,-z,now -o $@ $(REST_OBJECTS) -lpq -lcrypto -lz

build/rest/%.o: rest/src/%.c rest/rest.mk
	@mkdir -p build/rest
	$(CC) $(REST_CFLAGS) $(REST_FEATURES) -MMD -MP -c -o $@ $<

-include $(REST_OBJECTS:.o=.d)
