/*
 * main.c
 *	  The REST server as Kore sees it: its hooks, its listener, its end.
 *
 * Kore 4.1 of Debian 12 gives processes, an event loop and HTTP framing; what
 * is weak in it is replaced here and in shim.c, without patching it:
 *
 * - its seccomp list lacks system calls that glibc 2.36 makes; a call that is
 *	 missing kills the worker, so a new kind of call in any file needs a line
 *	 here;
 * - workers outlive a parent that was killed: PR_SET_PDEATHSIG;
 * - its accept lock gives one worker everything: each worker has a listener of
 *	 its own with SO_REUSEPORT, and the kernel spreads the clients;
 * - SIGHUP would unload this module under its own connections: refused;
 * - without a timer no timeout runs: the tick;
 * - SIGTERM leaves requests unanswered: the drain.
 *
 * A worker never ends because the database is down: it would be started again
 * at once, for ever.
 *
 * Settings are environment variables: CALLCENTER_DB (libpq connection string),
 * CALLCENTER_HTTP_PORT (8080), CALLCENTER_HTTP_ADDRESS (127.0.0.1),
 * CALLCENTER_FRONTEND (directory, "frontend"), CALLCENTER_LOG_LEVEL (info),
 * CALLCENTER_TRUSTED_PROXIES and CALLCENTER_CORS_ORIGINS (none; see address.c).
 */
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include <kore/seccomp.h>

#include "address.h"
#include "export.h"
#include "log.h"
#include "metrics.h"
#include "rest.h"
#include "router.h"
#include "shim.h"
#include "static.h"

#define TICK_MS 100
#define DRAIN_MS 8000			/* for what is under way at the end */
#define BACKLOG 1024

REST_EXPORT void kore_seccomp_hook(void);
REST_EXPORT void kore_parent_configure(int argc, char **argv);
REST_EXPORT void kore_worker_configure(void);
REST_EXPORT void kore_worker_teardown(void);
REST_EXPORT int rest_onload(int action);
REST_EXPORT void rest_connect(struct connection *c);

Settings	settings;
bool		rest_draining;

/* What Kore and its own use of libpq do not ask for; it adds connect() and its like. */
static struct sock_filter filter[] = {
	KORE_SYSCALL_ALLOW(mremap), /* realloc() of what is large */
	KORE_SYSCALL_ALLOW(newfstatat), /* libpq looks for its files */
	KORE_SYSCALL_ALLOW(faccessat2),
	KORE_SYSCALL_ALLOW(bind),	/* the listener */
	KORE_SYSCALL_ALLOW(listen),
	KORE_SYSCALL_ALLOW(shutdown),	/* lingering */
	KORE_SYSCALL_ALLOW(restart_syscall),	/* after SIGSTOP and SIGCONT, or a debugger */
	KORE_SYSCALL_ALLOW(gettid), /* abort() */
	KORE_SYSCALL_ALLOW(tgkill),
};

static bool starting;			/* in the parent, before it is configured */
static struct listener *listener;
static bool listening;			/* the listener is registered with epoll */

/* Microseconds of a clock that only goes forward. */
uint64_t
rest_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

/* A setting from the environment. */
static const char *
setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : otherwise;
}

/* The address to listen on. */
static void
listen_address(struct sockaddr_in *address)
{
	memset(address, 0, sizeof(*address));
	address->sin_family = AF_INET;
	address->sin_port = htons(settings.port);
	if (inet_pton(AF_INET, settings.address, &address->sin_addr) != 1)
		fatalx("CALLCENTER_HTTP_ADDRESS is not an IPv4 address");
}

/* At the parent's exit: takes back Kore's pid file when the start has failed. */
static void
remove_pid_file(void)
{
	if (starting && worker == NULL)
		unlink(kore_pidfile);
}

/*
 * Ends the start when somebody listens already: the workers' SO_REUSEPORT would
 * quietly share the port with another server of the same user.
 */
static void
check_port(void)
{
	struct sockaddr_in address;
	int			on = 1;
	int			fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	listen_address(&address);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
		bind(fd, (struct sockaddr *) &address, sizeof(address)) == -1)
		fatalx("cannot listen on %s:%u: %s", settings.address, settings.port, errno_s);
	close(fd);
}

/* Makes this worker's listener. */
static void
listener_open(void)
{
	struct sockaddr_in address;

	listen_address(&address);
	listener = kore_listener_create(kore_server_lookup("callcenter"));
	if (!kore_listener_init(listener, AF_INET, "rest_connect") ||
		!kore_sockopt(listener->fd, SOL_SOCKET, SO_REUSEPORT) ||
		bind(listener->fd, (struct sockaddr *) &address, sizeof(address)) == -1 ||
		listen(listener->fd, BACKLOG) == -1)
		fatalx("cannot listen on %s:%u: %s", settings.address, settings.port, errno_s);
	listening = true;			/* Kore registers it when its loop begins */
}

/*
 * Accepts what has connected already, then closes: the kernel resets whoever is
 * still in the queue.  The listener itself stays, connections point to it.
 */
static void
listener_close(void)
{
	listener->evt.flags |= KORE_EVENT_READ;
	kore_listener_accept(listener, 0);
	close(listener->fd);
	listener->fd = -1;
	listening = false;
}

/*
 * A client has connected.  With the last free place the listener is taken out
 * of epoll: Kore would not accept, and be told again and again.
 */
void
rest_connect(struct connection *c)
{
	shim_attach(c);
	if (listening && worker_active_connections + 1 >= worker_max_connections)
	{
		kore_platform_disable_read(listener->fd);
		listening = false;
	}
}

/* Runs every TICK_MS. */
static void
tick(void *arg, u_int64_t now)
{
	(void) arg;
	db_tick(now);
	shim_tick(now);
	export_tick();
	metrics_tick();
	log_flush();
	if (!listening && !rest_draining && worker_active_connections < worker_max_connections)
	{
		kore_platform_event_schedule(listener->fd, EPOLLIN, 0, listener);
		listening = true;
	}
}

/* Kore, in each worker, before its sandbox closes. */
void
kore_seccomp_hook(void)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	kore_seccomp_filter("callcenter", filter, KORE_FILTER_LEN(filter));
}

/* Kore, when it loads this module or would unload it. */
int
rest_onload(int action)
{
	return action == KORE_MODULE_UNLOAD ? KORE_RESULT_ERROR : KORE_RESULT_OK;
}

/* Kore, in the parent, before it forks the workers. */
void
kore_parent_configure(int argc, char **argv)
{
	long		port = strtol(setting("CALLCENTER_HTTP_PORT", "8080"), NULL, 10);

	(void) argc;
	(void) argv;
	starting = true;
	atexit(remove_pid_file);
	fflush(stdout);
	setvbuf(stdout, NULL, _IOLBF, 0);	/* Kore's own lines, too, come out at once */
	log_open(getenv("CALLCENTER_LOG_LEVEL"));

	if (port < 1 || port > 65535)
		fatalx("CALLCENTER_HTTP_PORT is not a port");
	settings.port = (uint16_t) port;
	settings.address = setting("CALLCENTER_HTTP_ADDRESS", "127.0.0.1");
	settings.frontend = setting("CALLCENTER_FRONTEND", "frontend");
	address_configure(setting("CALLCENTER_TRUSTED_PROXIES", ""), setting("CALLCENTER_CORS_ORIGINS", ""));
	check_port();
	db_configure(setting("CALLCENTER_DB", "dbname=callcenter"));
	metrics_open();
	router_open();
	static_load(settings.frontend);
	starting = false;
}

/* Kore, in each worker, before its loop. */
void
kore_worker_configure(void)
{
	db_open(metrics_worker());
	listener_open();
	kore_timer_add(tick, TICK_MS, NULL, 0);
}

/* Kore, in each worker, after its loop: answers what is under way. */
void
kore_worker_teardown(void)
{
	uint64_t	end = kore_time_ms() + DRAIN_MS;

	/* That the parent closes its pipe to us is no news now. */
	kore_platform_disable_read(worker->msg[1]->fd);
	worker->msg[1]->disconnect = NULL;
	rest_draining = true;
	listener_close();
	do
	{
		kore_platform_event_wait(10);
		kore_timer_run(kore_time_ms());
		http_process();
		kore_connection_prune(KORE_CONNECTION_PRUNE_DISCONNECT);
	}
	while (shim_close_idle() > 0 && kore_time_ms() < end);
	kore_connection_prune(KORE_CONNECTION_PRUNE_DISCONNECT);
	http_process();				/* frees the requests of those who left */
	db_close();
	log_flush();
}
