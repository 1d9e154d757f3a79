/* request.c: what an executed warden is told, packed and unpacked */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "os/os.h"
#include "registry.h"
#include "request.h"

/* Behind it are size bytes.  No pointer and no descriptor of the host's own in
 * options and attempt means anything. */
struct request {
	char word[48];			/* in every version, and first */
	uint64_t size;
	struct contain_options options;
	struct ctn_attempt attempt;
	int32_t backend;
	uint32_t pairs, arguments, paths, variables;	/* how many */
	uint32_t has_directory;
	int32_t mark, listen_pid;	/* which variables; -1: none */
};

/* A host that has not asked by then has died, with its end of the leash in the
 * hands of a fork; or it asks too late, and does without. */
#define PATIENCE_MS 10000

/* What the C libraries of both sides call a termios or a sigset_t is the same
 * where it is as large: that is the kernel's, or as the other one has it. */
static void
make_word(char *word, size_t size)
{
	memset(word, 0, size);
	snprintf(word, size, "contain %s %zu %zu %zu", PACKAGE_VERSION,
	    sizeof(struct request), sizeof(struct ctn_pair),
	    sizeof(struct termios));
}

/* ---- the host ---------------------------------------------------------- */

static size_t
size_of_strings(char *const *list)
{
	size_t size = 0;

	for (; *list != NULL; list++)
		size += strlen(*list) + 1;
	return size;
}

static char *
put_strings(char *at, char *const *list)
{
	size_t size;

	for (; *list != NULL; list++, at += size) {
		size = strlen(*list) + 1;
		memcpy(at, *list, size);
	}
	return at;
}

/* Which of the strings has this in it; -1: none. */
static int32_t
index_of(char *const *list, const char *part)
{
	int32_t i;

	for (i = 0; part != NULL && list[i] != NULL; i++)
		if (part > list[i] && part <= list[i] + strlen(list[i]))
			return i;
	return -1;
}

static void
fill_options(struct contain_options *options,
    const struct contain_options *given)
{
	*options = *given;
	options->output = NULL;
	options->output_arg = options->ready_arg = NULL;
	options->ready = NULL;
	options->outfit.path = options->outfit.directory = NULL;
	options->outfit.env = NULL;
	options->outfit.wishes = NULL;
}

/* The step has no address there. */
static void
fill_attempt(struct ctn_attempt *attempt, const struct ctn_attempt *given)
{
	*attempt = *given;
	if (given->lack_step != NULL)
		snprintf(attempt->lack_text, sizeof(attempt->lack_text),
		    "%.31s", given->lack_step);
}

static void
fill_command(struct request *request, const struct ctn_command *command)
{
	request->pairs = (uint32_t)command->pair_count;
	request->arguments = (uint32_t)ctn_command_count(command->argv);
	request->paths = (uint32_t)ctn_command_count(command->paths);
	request->variables = (uint32_t)ctn_command_count(command->env);
	request->has_directory = command->outfit->directory != NULL;
	request->mark = index_of(command->env, command->mark);
	request->listen_pid = index_of(command->env, command->listen_pid);
}

static uint64_t
size_of_command(const struct ctn_command *command)
{
	uint64_t size = command->pair_count * sizeof(*command->pairs) +
	    size_of_strings(command->argv) + size_of_strings(command->paths) +
	    size_of_strings(command->env);

	if (command->outfit->directory != NULL)
		size += strlen(command->outfit->directory) + 1;
	return size;
}

static void
put_all(char *at, const struct ctn_command *command)
{
	char *const directory[] = { command->outfit->directory, NULL };
	size_t size = command->pair_count * sizeof(*command->pairs);

	if (size > 0)
		memcpy(at, command->pairs, size);
	at = put_strings(at + size, command->argv);
	at = put_strings(at, command->paths);
	at = put_strings(at, command->env);
	put_strings(at, directory);
}

int
ctn_request_send(const struct ctn_attempt *attempt)
{
	const struct ctn_command *command = attempt->command;
	uint64_t size = size_of_command(command);
	struct request *request = calloc(1, sizeof(*request) + size);
	int n;

	if (request == NULL)
		return -1;
	make_word(request->word, sizeof(request->word));
	request->size = size;
	request->backend = (int32_t)attempt->backend->id;
	fill_options(&request->options, attempt->options);
	fill_attempt(&request->attempt, attempt);
	fill_command(request, command);
	put_all((char *)(request + 1), command);
	n = ctn_leash_send_bytes(&attempt->host_end, request,
	    sizeof(*request) + size);
	free(request);
	return n;
}

/* ---- the executed warden ----------------------------------------------- */

/* All of it: 0, or -1: it does not come. */
static int
receive(int leash, void *data, size_t size)
{
	int64_t deadline = ctn_clock_deadline_ms(PATIENCE_MS);
	struct pollfd input = { leash, POLLIN, 0 };
	char *at = data;
	ssize_t n;

	for (; size > 0; at += n, size -= (size_t)n) {
		if (ctn_os_poll(&input, 1, ctn_clock_left_ms(deadline),
		    NULL) != 1)
			return -1;
		n = recv(leash, at, size, 0);
		if (n <= 0)
			return -1;
	}
	return 0;
}

static int
receive_request(int leash, struct request *request)
{
	char word[sizeof(request->word)];

	make_word(word, sizeof(word));
	if (receive(leash, request, sizeof(word)) == -1 ||
	    memcmp(request->word, word, sizeof(word)) != 0)
		return -1;
	return receive(leash, (char *)request + sizeof(word),
	    sizeof(*request) - sizeof(word));
}

static const struct ctn_backend *
find_backend(int32_t id)
{
	const struct ctn_backend *const *backend = ctn_registry;

	while (*backend != NULL && (int32_t)(*backend)->id != id)
		backend++;
	return *backend;
}

/* A list of the next count strings, with room for two more. */
static int
take_strings(char ***list, size_t count, char **at, const char *end)
{
	size_t i, length;

	*list = calloc(count + 2, sizeof(**list));
	if (*list == NULL)
		return -1;
	for (i = 0; i < count; i++) {
		length = strnlen(*at, (size_t)(end - *at));
		if (*at + length == end)
			return -1;
		(*list)[i] = *at;
		*at += length + 1;
	}
	return 0;
}

/* A variable with room behind its '=', in *text; where that is, or NULL: there is
 * no such variable. */
static char *
make_room(char **text, char **env, int32_t which, uint32_t count)
{
	size_t size, name;

	if (which < 0 || (uint32_t)which >= count)
		return NULL;
	size = strlen(env[which]) + 1;
	name = strcspn(env[which], "=");
	*text = calloc(1, size + CTN_MARK_SIZE);
	if (*text == NULL || env[which][name] == '\0')
		return NULL;
	memcpy(*text, env[which], size);
	env[which] = *text;
	return *text + name + 1;
}

static int
unpack_strings(const struct request *request, struct ctn_received *received,
    char *at, const char *end)
{
	struct ctn_command *command = &received->command;

	if (take_strings(&received->argv, request->arguments, &at, end) == -1 ||
	    take_strings(&command->paths, request->paths, &at, end) == -1 ||
	    take_strings(&command->env, request->variables, &at, end) == -1 ||
	    take_strings(&received->directory, request->has_directory, &at,
	    end) == -1 || at != end || request->arguments == 0 ||
	    request->paths == 0)
		return -1;
	command->argv = received->argv;
	command->mark = make_room(&received->mark, command->env,
	    request->mark, request->variables);
	command->listen_pid = make_room(&received->listen_pid, command->env,
	    request->listen_pid, request->variables);
	received->outfit.directory = received->directory[0];
	command->shell_argv = ctn_command_shell_argv(command->argv);
	return command->shell_argv == NULL || command->mark == NULL ? -1 : 0;
}

static int
receive_command(int leash, const struct request *request,
    struct ctn_received *received)
{
	size_t size = request->pairs * sizeof(struct ctn_pair);
	char *data;

	if (request->size < size || request->size > SIZE_MAX / 2)
		return -1;
	data = malloc((size_t)request->size + 1);
	received->command.pairs = (struct ctn_pair *)(void *)data;
	if (data == NULL || receive(leash, data, (size_t)request->size) == -1)
		return -1;
	received->command.pair_count = request->pairs;
	received->command.outfit = &received->outfit;
	received->outfit.descriptors = request->options.outfit.descriptors;
	return unpack_strings(request, received, data + size,
	    data + request->size);
}

static void
unpack_limits(const struct request *request, struct ctn_outfit *outfit)
{
	outfit->limit_count = request->options.outfit.limit_count;
	memcpy(outfit->limits, request->options.outfit.limits,
	    sizeof(outfit->limits));
}

/* What the host has is closed here, and what it knows was not copied. */
static void
unpack_attempt(const struct request *request, struct ctn_received *received,
    int leash)
{
	struct ctn_attempt *attempt = &received->attempt;

	*attempt = request->attempt;
	attempt->backend = find_backend(request->backend);
	attempt->options = &received->options;
	attempt->command = &received->command;
	attempt->program = attempt->step = NULL;
	attempt->lack_step = attempt->lack_text[0] != '\0' ?
	    attempt->lack_text : NULL;
	memset(&attempt->host_end, 0, sizeof(attempt->host_end));
	memset(&attempt->warden_end, 0, sizeof(attempt->warden_end));
	memset(&attempt->table, 0, sizeof(attempt->table));
	memset(&attempt->known, 0, sizeof(attempt->known));
	attempt->host_end.fd = attempt->warden_watch = -1;
	attempt->terminal = attempt->slave_fd = -1;
	attempt->warden_end.fd = leash;
}

static int
close_on_exec(int fd)
{
	return fd != -1 ? fcntl(fd, F_SETFD, FD_CLOEXEC) : 0;
}

/* As they were in the host. */
static int
close_all_on_exec(const struct ctn_attempt *attempt)
{
	const struct ctn_command *command = attempt->command;
	size_t i;

	if (close_on_exec(attempt->warden_end.fd) == -1 ||
	    close_on_exec(attempt->host_watch) == -1 ||
	    close_on_exec(attempt->terminal_closes ?
	    attempt->options->terminal.fd : -1) == -1)
		return -1;
	for (i = 0; i < command->pair_count; i++)
		if (command->pairs[i].closes &&
		    close_on_exec(command->pairs[i].from) == -1)
			return -1;
	return 0;
}

int
ctn_request_receive(struct ctn_received *received, int leash)
{
	struct ctn_attempt *attempt = &received->attempt;
	struct request request;

	memset(received, 0, sizeof(*received));
	if (receive_request(leash, &request) == -1 ||
	    (request.attempt.privilege & ~ctn_os_privilege()) != 0 ||
	    receive_command(leash, &request, received) == -1)
		return -1;
	received->options = request.options;
	unpack_limits(&request, &received->outfit);
	unpack_attempt(&request, received, leash);
	return attempt->backend != NULL ? close_all_on_exec(attempt) : -1;
}
