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

/* Behind it are size bytes. */
struct request {
	char word[48];			/* in every version, and first */
	uint64_t size;
	struct contain_options options;	/* no pointer of it means anything */
	struct termios found;
	sigset_t caller_mask;
	int64_t look_ms;
	uint64_t privilege;
	uint64_t uid, gid;
	int64_t host;
	int32_t backend;
	int32_t is_gated;
	int32_t guards;
	int32_t was_foreground;
	int32_t ground;
	int32_t shares_pgrp;
	int32_t relays;
	int32_t reach;
	int32_t lack_errnum;
	int32_t host_watch;
	int32_t terminal_closes;
	uint32_t made;
	uint32_t pairs, arguments, paths, variables;	/* how many */
	uint32_t has_directory;
	int32_t mark, listen_pid;	/* which variables; -1: none */
	char slave[32];
	char lack[32];
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
count_strings(char *const *list)
{
	size_t count = 0;

	while (list[count] != NULL)
		count++;
	return count;
}

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

static void
fill_attempt(struct request *request, const struct ctn_attempt *attempt)
{
	request->backend = (int32_t)attempt->backend->id;
	request->found = attempt->found;
	request->caller_mask = attempt->caller_mask;
	request->look_ms = attempt->look_ms;
	request->privilege = attempt->privilege;
	request->uid = attempt->uid;
	request->gid = attempt->gid;
	request->host = attempt->host;
	request->is_gated = attempt->is_gated;
	request->guards = attempt->guards;
	request->was_foreground = attempt->was_foreground;
	request->ground = (int32_t)attempt->ground;
	request->shares_pgrp = attempt->shares_pgrp;
	request->relays = attempt->relays;
	request->reach = (int32_t)attempt->reach;
	request->lack_errnum = attempt->lack_errnum;
	request->host_watch = attempt->host_watch;
	request->terminal_closes = attempt->terminal_closes;
	request->made = attempt->made;
	memcpy(request->slave, attempt->slave, sizeof(request->slave));
	if (attempt->lack_step != NULL)
		snprintf(request->lack, sizeof(request->lack), "%.31s",
		    attempt->lack_step);
}

static void
fill_command(struct request *request, const struct ctn_command *command)
{
	request->pairs = (uint32_t)command->pair_count;
	request->arguments = (uint32_t)count_strings(command->argv);
	request->paths = (uint32_t)count_strings(command->paths);
	request->variables = (uint32_t)count_strings(command->env);
	request->has_directory = command->outfit->directory != NULL;
	request->mark = index_of(command->env, command->mark);
	request->listen_pid = index_of(command->env, command->listen_pid);
	request->size = command->pair_count * sizeof(*command->pairs) +
	    size_of_strings(command->argv) + size_of_strings(command->paths) +
	    size_of_strings(command->env);
	if (request->has_directory)
		request->size += strlen(command->outfit->directory) + 1;
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
	struct request request;
	char *bytes;
	int n;

	memset(&request, 0, sizeof(request));
	make_word(request.word, sizeof(request.word));
	fill_options(&request.options, attempt->options);
	fill_attempt(&request, attempt);
	fill_command(&request, attempt->command);
	bytes = malloc(sizeof(request) + request.size);
	if (bytes == NULL)
		return -1;
	memcpy(bytes, &request, sizeof(request));
	put_all(bytes + sizeof(request), attempt->command);
	n = ctn_leash_send_bytes(&attempt->host_end, bytes,
	    sizeof(request) + request.size);
	free(bytes);
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

/* Room behind the '=' of a variable; where that is, or NULL: there is no such
 * variable. */
static char *
make_room(char **env, int32_t which, uint32_t count)
{
	size_t size;
	char *text;

	if (which < 0 || (uint32_t)which >= count)
		return NULL;
	size = strlen(env[which]) + 1;
	text = calloc(1, size + CTN_MARK_SIZE);
	if (text == NULL)
		return NULL;
	memcpy(text, env[which], size);
	env[which] = text;
	return strchr(text, '=') != NULL ? strchr(text, '=') + 1 : NULL;
}

/* Its first place is for the shell, its second for the script; then come the
 * arguments behind the name. */
static char **
make_shell_argv(char *const *argv, size_t count)
{
	char **list = calloc(count + 2, sizeof(*list));

	if (list != NULL && count > 0)
		memcpy(list + 2, argv + 1, count * sizeof(*list));
	return list;
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
	command->shell_argv = make_shell_argv(command->argv,
	    request->arguments);
	command->mark = make_room(command->env, request->mark,
	    request->variables);
	command->listen_pid = make_room(command->env, request->listen_pid,
	    request->variables);
	received->outfit.directory = received->directory[0];
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

static void
unpack_attempt(const struct request *request, struct ctn_attempt *attempt)
{
	attempt->found = request->found;
	attempt->caller_mask = request->caller_mask;
	attempt->look_ms = request->look_ms;
	attempt->uid = (unsigned long)request->uid;
	attempt->gid = (unsigned long)request->gid;
	attempt->host = (pid_t)request->host;
	attempt->is_gated = request->is_gated;
	attempt->guards = request->guards;
	attempt->was_foreground = request->was_foreground;
	attempt->ground = (enum contain_ground)request->ground;
	attempt->shares_pgrp = request->shares_pgrp;
	attempt->relays = request->relays;
	attempt->reach = (enum contain_reach)request->reach;
	attempt->host_watch = request->host_watch;
	attempt->made = request->made;
	memcpy(attempt->slave, request->slave, sizeof(attempt->slave));
	memcpy(attempt->lack_text, request->lack, sizeof(attempt->lack_text));
	attempt->lack_errnum = request->lack_errnum;
	if (attempt->lack_text[0] != '\0')
		attempt->lack_step = attempt->lack_text;
}

static int
close_on_exec(int fd)
{
	return fd != -1 ? fcntl(fd, F_SETFD, FD_CLOEXEC) : 0;
}

/* As they were in the host. */
static int
close_all_on_exec(const struct request *request,
    const struct ctn_received *received)
{
	const struct ctn_command *command = &received->command;
	size_t i;

	if (close_on_exec(received->attempt.warden_end.fd) == -1 ||
	    close_on_exec(request->host_watch) == -1 ||
	    close_on_exec(request->terminal_closes ?
	    request->options.terminal.fd : -1) == -1)
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
	    (request.privilege & ~ctn_os_privilege()) != 0 ||
	    receive_command(leash, &request, received) == -1)
		return -1;
	unpack_limits(&request, &received->outfit);
	unpack_attempt(&request, attempt);
	received->options = request.options;
	attempt->backend = find_backend(request.backend);
	attempt->options = &received->options;
	attempt->command = &received->command;
	attempt->host_end.fd = attempt->warden_watch = -1;
	attempt->terminal = attempt->slave_fd = -1;
	attempt->warden_end.fd = leash;
	if (attempt->backend == NULL)
		return -1;
	return close_all_on_exec(&request, received);
}
