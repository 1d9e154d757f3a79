/* outfit_options.c: what a host asks for its command's process */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "options.h"
#include "outfit.h"

static int
out_of_memory(const char *what, struct contain_error *err)
{
	return ctn_error_set(err, CONTAIN_E_MEMORY, 0, what,
	    "%s: out of memory", what);
}

/* *field becomes a copy of text; NULL stays NULL, and empty is refused. */
static int
set_text(struct contain_options *options, char **field, const char *text,
    const char *what, struct contain_error *err)
{
	char *copy = NULL;

	if (options == NULL)
		return ctn_options_missing(what, err);
	if (text != NULL && text[0] == '\0')
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, what,
		    "%s: empty", what);
	if (text != NULL) {
		copy = strdup(text);
		if (copy == NULL)
			return out_of_memory(what, err);
	}
	free(*field);
	*field = copy;
	return CONTAIN_OK;
}

int
contain_options_set_path(struct contain_options *options, const char *path,
    struct contain_error *err)
{
	return set_text(options, options != NULL ? &options->outfit.path :
	    NULL, path, "path", err);
}

int
contain_options_set_directory(struct contain_options *options,
    const char *directory, struct contain_error *err)
{
	return set_text(options, options != NULL ?
	    &options->outfit.directory : NULL, directory, "directory", err);
}

/* In one piece: the list, and behind it the strings. */
static char **
copy_list(char *const list[])
{
	size_t i, size, count = 0, bytes = 0;
	char **copy, *text;

	for (; list[count] != NULL; count++)
		bytes += strlen(list[count]) + 1;
	copy = malloc((count + 1) * sizeof(*copy) + bytes);
	if (copy == NULL)
		return NULL;
	text = (char *)(copy + count + 1);
	for (i = 0; i < count; i++) {
		size = strlen(list[i]) + 1;
		copy[i] = memcpy(text, list[i], size);
		text += size;
	}
	copy[count] = NULL;
	return copy;
}

int
contain_options_set_environment(struct contain_options *options,
    char *const env[], struct contain_error *err)
{
	char **copy = NULL;

	if (options == NULL)
		return ctn_options_missing("environment", err);
	if (env != NULL) {
		copy = copy_list(env);
		if (copy == NULL)
			return out_of_memory("environment", err);
	}
	free(options->outfit.env);
	options->outfit.env = copy;
	return CONTAIN_OK;
}

/* ---- descriptors ------------------------------------------------------- */

static void
forget_wish(struct ctn_outfit *outfit, int to)
{
	size_t i;

	for (i = 0; i < outfit->wish_count; i++)
		if (outfit->wishes[i].to == to) {
			outfit->wishes[i] =
			    outfit->wishes[--outfit->wish_count];
			return;
		}
}

/* The last wish for a descriptor counts. */
static int
add_wish(struct ctn_outfit *outfit, struct ctn_wish wish,
    struct contain_error *err)
{
	struct ctn_wish *more;

	more = realloc(outfit->wishes, (outfit->wish_count + 1) *
	    sizeof(*more));
	if (more == NULL)
		return out_of_memory("fd", err);
	outfit->wishes = more;
	forget_wish(outfit, wish.to);
	outfit->wishes[outfit->wish_count++] = wish;
	return CONTAIN_OK;
}

int
contain_options_set_fd(struct contain_options *options, int command_fd,
    int fd, struct contain_error *err)
{
	struct ctn_wish wish = { command_fd, fd, CONTAIN_STDIO_INHERIT };

	if (options == NULL)
		return ctn_options_missing("fd", err);
	if (command_fd < 0 || fd < -1)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "fd",
		    "fd: %d is not valid", command_fd < 0 ? command_fd : fd);
	return add_wish(&options->outfit, wish, err);
}

int
contain_options_set_stdio(struct contain_options *options, int command_fd,
    enum contain_stdio how, struct contain_error *err)
{
	struct ctn_wish wish = { command_fd, -1, how };

	if (options == NULL)
		return ctn_options_missing("stdio", err);
	if (command_fd < STDIN_FILENO || command_fd > STDERR_FILENO)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "stdio",
		    "stdio: %d is not valid", command_fd);
	if (ctn_options_check((long long)how, CONTAIN_STDIO_INHERIT,
	    command_fd == STDERR_FILENO ? CONTAIN_STDIO_STDOUT :
	    CONTAIN_STDIO_NULL, "stdio", err) != CONTAIN_OK)
		return CONTAIN_E_USAGE;
	if (how != CONTAIN_STDIO_INHERIT)
		return add_wish(&options->outfit, wish, err);
	forget_wish(&options->outfit, command_fd);
	return CONTAIN_OK;
}

int
contain_options_set_descriptors(struct contain_options *options,
    enum contain_descriptors descriptors, struct contain_error *err)
{
	if (options == NULL)
		return ctn_options_missing("descriptors", err);
	if (ctn_options_check((long long)descriptors, CONTAIN_DESCRIPTORS_ALL,
	    CONTAIN_DESCRIPTORS_LISTED, "descriptors", err) != CONTAIN_OK)
		return CONTAIN_E_USAGE;
	options->outfit.descriptors = descriptors;
	return CONTAIN_OK;
}

/* ---- limits ------------------------------------------------------------ */

static struct ctn_limit *
find_limit(struct ctn_outfit *outfit, int resource)
{
	size_t i;

	for (i = 0; i < outfit->limit_count; i++)
		if (outfit->limits[i].resource == resource)
			return &outfit->limits[i];
	if (outfit->limit_count == CTN_LIMITS_MAX)
		return NULL;
	return &outfit->limits[outfit->limit_count++];
}

int
contain_options_set_limit(struct contain_options *options, int resource,
    const struct rlimit *limit, struct contain_error *err)
{
	struct ctn_limit *slot;
	struct rlimit now;

	if (options == NULL)
		return ctn_options_missing("limit", err);
	/* the C library's prototype has an enum here */
	if (resource < 0 || getrlimit(resource, &now) == -1)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "limit",
		    "limit: %d is not valid", resource);
	if (limit == NULL)
		limit = &now;
	if (limit->rlim_max != RLIM_INFINITY &&
	    (limit->rlim_cur == RLIM_INFINITY ||
	    limit->rlim_cur > limit->rlim_max))
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "limit",
		    "limit: of resource %d the soft one is above the hard one",
		    resource);
	slot = find_limit(&options->outfit, resource);
	if (slot == NULL)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "limit",
		    "limit: more than %d resources", CTN_LIMITS_MAX);
	slot->resource = resource;
	slot->limit = *limit;
	return CONTAIN_OK;
}

void
ctn_outfit_discard(struct ctn_outfit *outfit)
{
	free(outfit->path);
	free(outfit->directory);
	free(outfit->env);
	free(outfit->wishes);
	memset(outfit, 0, sizeof(*outfit));
}
