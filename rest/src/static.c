/*
 * static.c
 *	  The page, from memory.
 *
 * The frontend's tree is read once, by the parent, before the workers are
 * forked: no path of a request ever reaches the file system, and all workers,
 * also one that is started later, serve the same files.
 *
 * The release is the first 12 hex digits of a SHA-256 over the tree (the files
 * in byte order of their names: name, NUL, length, content).  HTML files and
 * favicon.svg are served under their own names; everything else under
 * /ui/RELEASE/, where a name never changes its content, so that browsers may
 * keep it for good.  In HTML files "@RELEASE@" becomes the release.
 *
 * Served are files whose suffix is in the table below.  What begins with a dot,
 * and directories "test" and "node_modules", are passed over.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "static.h"

#define RELEASE_LENGTH 12
#define ETAG_LENGTH 24			/* hex digits of the SHA-256 of a file */
#define FILE_MAX (16 * 1024 * 1024)
#define GZIP_MIN 256			/* smaller files are not worth it */
#define BUCKETS 256
#define DEPTH_MAX 16

struct StaticFile
{
	StaticFile *next;			/* of the same bucket */
	char	   *name;			/* relative to the tree */
	char	   *path;			/* of the URL */
	const char *type;
	const char *cache;
	Text		plain;
	Text		gzip;			/* empty: not worth it */
	char		etag[ETAG_LENGTH + 1];
};

static const struct
{
	const char *suffix;
	const char *type;
	bool		text;			/* gets smaller with gzip */
}			types[] =
{
	{".html", "text/html; charset=utf-8", true},
	{".css", "text/css; charset=utf-8", true},
	{".js", "text/javascript; charset=utf-8", true},
	{".mjs", "text/javascript; charset=utf-8", true},
	{".json", "application/json", true},
	{".webmanifest", "application/manifest+json", true},
	{".svg", "image/svg+xml", true},
	{".txt", "text/plain; charset=utf-8", true},
	{".png", "image/png", false},
	{".webp", "image/webp", false},
	{".ico", "image/x-icon", false},
	{".woff2", "font/woff2", false},
};

static StaticFile *buckets[BUCKETS];
static StaticFile **files;
static size_t nfiles;
static char release[RELEASE_LENGTH + 1];

/* Which bucket a path is in (FNV-1a). */
static unsigned
bucket_of(const char *path)
{
	unsigned	hash = 2166136261u;

	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char) *path) * 16777619u;
	return hash % BUCKETS;
}

/* Does the string end with the suffix? */
static bool
ends_with(const char *string, const char *suffix)
{
	size_t		length = strlen(string);
	size_t		n = strlen(suffix);

	return length > n && strcmp(string + length - n, suffix) == 0;
}

/* Finds the entry of the table for a file, or -1. */
static int
type_of(const char *name)
{
	int			i;

	for (i = 0; i < (int) (sizeof(types) / sizeof(types[0])); i++)
		if (ends_with(name, types[i].suffix))
			return i;
	return -1;
}

/* Reads a whole file. */
static void
read_file(const char *path, Text *content)
{
	char		block[65536];
	ssize_t		n;
	int			fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		fatalx("cannot open %s: %s", path, errno_s);
	text_append(content, "", 0);
	while ((n = read(fd, block, sizeof(block))) > 0)
	{
		text_append(content, block, (size_t) n);
		if (content->length > FILE_MAX)
			fatalx("%s is larger than %d bytes", path, FILE_MAX);
	}
	if (n == -1)
		fatalx("cannot read %s: %s", path, errno_s);
	close(fd);
}

/* Collects the files of a directory; prefix: its name in the tree, "" or "js/". */
static void
read_tree(const char *directory, const char *prefix, int depth)
{
	DIR		   *dir = opendir(directory);
	struct dirent *entry;

	if (dir == NULL)
		fatalx("cannot open the frontend directory %s: %s", directory, errno_s);
	while ((entry = readdir(dir)) != NULL)
	{
		Text		path = {0};
		Text		name = {0};
		struct stat st;

		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "test") == 0 ||
			strcmp(entry->d_name, "node_modules") == 0)
			continue;
		text_format(&path, "%s/%s", directory, entry->d_name);
		text_format(&name, "%s%s", prefix, entry->d_name);
		if (stat(path.data, &st) == -1)
			fatalx("cannot read %s: %s", path.data, errno_s);
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
		{
			text_add(&name, "/");
			read_tree(path.data, name.data, depth + 1);
		}
		else if (S_ISREG(st.st_mode) && type_of(name.data) >= 0)
		{
			StaticFile *file = kore_calloc(1, sizeof(*file));

			file->name = kore_strdup(name.data);
			read_file(path.data, &file->plain);
			files = kore_realloc(files, (nfiles + 1) * sizeof(*files));
			files[nfiles++] = file;
		}
		text_free(&path);
		text_free(&name);
	}
	closedir(dir);
}

/* Byte order of the names, for qsort. */
static int
compare_names(const void *a, const void *b)
{
	return strcmp((*(StaticFile *const *) a)->name, (*(StaticFile *const *) b)->name);
}

/* Writes the first "digits" hex digits of a digest. */
static void
write_hex(char *out, const unsigned char *digest, int digits)
{
	int			i;

	for (i = 0; i < digits / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* Names the release of the tree. */
static void
make_release(void)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t		i;

	if (context == NULL || !EVP_DigestInit_ex(context, EVP_sha256(), NULL))
		fatalx("no SHA-256");
	for (i = 0; i < nfiles; i++)
	{
		char		length[32];

		snprintf(length, sizeof(length), "%zu", files[i]->plain.length);
		EVP_DigestUpdate(context, files[i]->name, strlen(files[i]->name) + 1);
		EVP_DigestUpdate(context, length, strlen(length) + 1);
		EVP_DigestUpdate(context, files[i]->plain.data, files[i]->plain.length);
	}
	EVP_DigestFinal_ex(context, digest, NULL);
	EVP_MD_CTX_free(context);
	write_hex(release, digest, RELEASE_LENGTH);
}

/* Replaces "@RELEASE@". */
static void
fill_template(Text *content)
{
	static const char mark[] = "@RELEASE@";
	Text		filled = {0};
	const char *at = content->data;
	const char *found;

	while ((found = strstr(at, mark)) != NULL)
	{
		text_append(&filled, at, (size_t) (found - at));
		text_add(&filled, release);
		at = found + sizeof(mark) - 1;
	}
	text_add(&filled, at);
	text_free(content);
	*content = filled;
}

/* Makes the gzip form of a file, if it saves a tenth. */
static void
compress_file(StaticFile *file)
{
	z_stream	stream = {0};
	size_t		bound;

	if (file->plain.length < GZIP_MIN)
		return;
	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
					 Z_DEFAULT_STRATEGY) != Z_OK)
		fatalx("no zlib");
	bound = deflateBound(&stream, file->plain.length);
	file->gzip.data = kore_malloc(bound);
	stream.next_in = (unsigned char *) file->plain.data;
	stream.avail_in = (unsigned) file->plain.length;
	stream.next_out = (unsigned char *) file->gzip.data;
	stream.avail_out = (unsigned) bound;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		fatalx("cannot compress %s", file->name);
	if (stream.total_out < file->plain.length / 10 * 9)
		file->gzip.length = stream.total_out;
	deflateEnd(&stream);
}

/* Makes a file ready to be served. */
static void
prepare_file(StaticFile *file)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	Text		path = {0};
	bool		html = ends_with(file->name, ".html");
	int			type = type_of(file->name);
	unsigned	bucket;

	if (html)
		fill_template(&file->plain);
	if (html || strcmp(file->name, "favicon.svg") == 0)
	{
		text_format(&path, "/%s", file->name);
		file->cache = "no-cache";
	}
	else
	{
		text_format(&path, "/ui/%s/%s", release, file->name);
		file->cache = "public, max-age=31536000, immutable";
	}
	file->path = path.data;
	file->type = types[type].type;
	if (types[type].text)
		compress_file(file);
	if (!EVP_Digest(file->plain.data, file->plain.length, digest, NULL, EVP_sha256(), NULL))
		fatalx("no SHA-256");
	write_hex(file->etag, digest, ETAG_LENGTH);

	bucket = bucket_of(file->path);
	file->next = buckets[bucket];
	buckets[bucket] = file;
}

/* Reads the frontend; ends the server when that is not possible. */
void
static_load(const char *directory)
{
	size_t		i;

	read_tree(directory, "", 0);
	if (nfiles > 0)
		qsort(files, nfiles, sizeof(*files), compare_names);
	make_release();
	for (i = 0; i < nfiles; i++)
		prepare_file(files[i]);
	log_event(LOG_LEVEL_INFO, NULL, "frontend release %s, %zu files", release, nfiles);
}

/* The release of the frontend. */
const char *
static_release(void)
{
	return release;
}

/* Finds the file that is served under a path, or NULL. */
const StaticFile *
static_find(const char *path)
{
	const StaticFile *file;

	for (file = buckets[bucket_of(path)]; file != NULL; file = file->next)
		if (strcmp(file->path, path) == 0)
			return file;
	return NULL;
}

/* Does Accept-Encoding take gzip? */
static bool
accepts_gzip(const char *list)
{
	while (*list != '\0')
	{
		size_t		n;
		size_t		name;
		const char *q;

		list += strspn(list, ", \t");
		n = strcspn(list, ",");
		name = strcspn(list, ",; \t");
		if ((name == 4 && strncasecmp(list, "gzip", 4) == 0) || (name == 1 && *list == '*'))
		{
			q = memmem(list, n, "q=", 2);
			return q == NULL || strtod(q + 2, NULL) > 0;
		}
		list += n;
	}
	return false;
}

/* Does If-None-Match name this entity tag (or any)? */
static bool
matches(const char *list, const char *etag)
{
	return strstr(list, etag) != NULL || strcmp(list, "*") == 0;
}

/* GET of a file. */
void
static_answer(Exchange *exchange, const StaticFile *file)
{
	const char *value;
	char		etag[ETAG_LENGTH + 8];
	bool		gzip = file->gzip.length > 0 &&
		http_request_header(exchange->req, "accept-encoding", &value) && accepts_gzip(value);
	const Text *content = gzip ? &file->gzip : &file->plain;

	/* A strong tag names bytes, so the compressed form has one of its own. */
	snprintf(etag, sizeof(etag), "\"%s%s\"", file->etag, gzip ? "-gz" : "");
	reply_header(exchange, "etag", "%s", etag);
	if (file->gzip.length > 0)
		reply_header(exchange, "vary", "accept-encoding");
	if (http_request_header(exchange->req, "if-none-match", &value) && matches(value, etag))
	{
		reply_send(exchange, 304, NULL, file->cache, NULL, 0, REPLY_COPY);
		return;
	}
	if (gzip)
		reply_header(exchange, "content-encoding", "gzip");
	reply_send(exchange, 200, file->type, file->cache, content->data, content->length,
			   REPLY_LASTING);
}

/* GET / */
void
static_home(Exchange *exchange)
{
	reply_header(exchange, "location", "/call-center.html");
	reply_send(exchange, 302, NULL, "no-cache", NULL, 0, REPLY_COPY);
}
