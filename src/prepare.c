/* prepare.c: the command's argv, PATH and environment, made in the host */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

extern char **environ;

/* What the C library's execvp takes where PATH is not set, confstr(3). */
#define DEFAULT_PATH "/bin:/usr/bin"

size_t
ctn_command_count(char *const list[])
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	return count;
}

/* "directory/name" for the directory of length bytes; an empty one is ".". */
static char *
join(const char *directory, size_t length, const char *name)
{
	size_t size = length + strlen(name) + 2;
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%.*s%s%s", (int)length, directory,
		    length > 0 ? "/" : "", name);
	return path;
}

/* The candidates as execvp(3) tries them: name itself if it has a slash, else
 * name in each directory of PATH. */
static char **
candidates(const char *name)
{
	const char *search = getenv("PATH"), *at;
	size_t count = 2, length;
	char **paths;

	if (strchr(name, '/') != NULL || *name == '\0')
		search = "";
	else if (search == NULL)
		search = DEFAULT_PATH;
	for (at = search; *at != '\0'; at++)
		count += *at == ':';
	paths = calloc(count, sizeof(*paths));
	for (count = 0, at = search; paths != NULL; at += length + 1) {
		length = strcspn(at, ":");
		paths[count] = join(at, length, name);
		if (paths[count++] == NULL || at[length] == '\0')
			break;
	}
	return paths;
}

/* Is name=... the variable that text sets? */
static int
sets(const char *text, const char *name)
{
	size_t length = strlen(name);

	return strncmp(text, name, length) == 0 && text[length] == '=';
}

/* A fresh "name=value" with room for more behind it. */
static char *
assignment(const char *name, const char *value, size_t room)
{
	size_t size = strlen(name) + strlen(value) + 2 + room;
	char *text = calloc(1, size);

	if (text != NULL)
		snprintf(text, size, "%s=%s", name, value);
	return text;
}

/* LISTEN_PID that names the host: the command's pid belongs there, and is
 * known only in the command; sd_listen_fds(3). */
static int
is_our_listen_pid(const char *text)
{
	return sets(text, "LISTEN_PID") &&
	    strtol(text + sizeof("LISTEN_PID"), NULL, 10) == (long)getpid();
}

/* The variables that say what the command runs in. */
static const char *const own_names[] = { "CONTAIN_BACKEND",
	"CONTAIN_GUARANTEE", "CONTAIN_GROUP" };

#define OWN_COUNT (sizeof(own_names) / sizeof(own_names[0]))

static int
is_own(const char *text)
{
	size_t i;

	for (i = 0; i < OWN_COUNT; i++)
		if (sets(text, own_names[i]))
			return 1;
	return 0;
}

/* env[0..OWN_COUNT) and LISTEN_PID are ours, the rest the caller's strings. */
static int
fill_environment(struct ctn_command *command, char *const *given,
    const char *backend, const char *guarantee)
{
	const char *values[OWN_COUNT] = { backend, guarantee, "" };
	size_t rooms[OWN_COUNT] = { 0, 0, CTN_MARK_SIZE }, i, used = 0;

	for (i = 0; i < OWN_COUNT; i++, used++) {
		command->env[i] = assignment(own_names[i], values[i],
		    rooms[i]);
		if (command->env[i] == NULL)
			return -1;
	}
	command->mark = strchr(command->env[OWN_COUNT - 1], '=') + 1;
	for (i = 0; given != NULL && given[i] != NULL; i++) {
		if (is_own(given[i]))
			continue;
		if (command->listen_pid == NULL &&
		    is_our_listen_pid(given[i])) {
			command->env[used] = assignment("LISTEN_PID", "",
			    CTN_MARK_SIZE);
			if (command->env[used] == NULL)
				return -1;
			command->listen_pid = strchr(command->env[used++],
			    '=') + 1;
			continue;
		}
		command->env[used++] = given[i];
	}
	return 0;
}

char **
ctn_command_shell_argv(char *const argv[])
{
	size_t count = ctn_command_count(argv);
	char **copy = calloc(count + 2, sizeof(*copy));

	/* sh, the script, then argv[1] and on with its NULL */
	if (copy != NULL && argv != NULL)
		memcpy(copy + 2, argv + 1, count * sizeof(*copy));
	return copy;
}

static int
is_complete(char **paths)
{
	return paths != NULL && paths[0] != NULL;
}

int
ctn_command_prepare(struct ctn_command *command, char *const argv[],
    const struct ctn_outfit *outfit, const char *backend,
    const char *guarantee)
{
	char *const *given = outfit != NULL && outfit->env != NULL ?
	    outfit->env : environ;
	size_t count = ctn_command_count(given);
	const char *name = argv != NULL ? argv[0] : "";

	memset(command, 0, sizeof(*command));
	command->argv = argv;
	command->outfit = outfit;
	command->paths = candidates(outfit != NULL && outfit->path != NULL ?
	    outfit->path : name);
	command->shell_argv = ctn_command_shell_argv(argv);
	command->env = calloc(count + OWN_COUNT + 1, sizeof(*command->env));
	if (is_complete(command->paths) && command->shell_argv != NULL &&
	    command->env != NULL &&
	    fill_environment(command, given, backend, guarantee) == 0)
		return 0;
	ctn_command_discard(command);
	return -1;
}

void
ctn_command_forget_env(struct ctn_command *command)
{
	command->env = NULL;
	command->listen_pid = NULL;
}

void
ctn_command_discard(struct ctn_command *command)
{
	size_t i;

	for (i = 0; command->paths != NULL && command->paths[i] != NULL; i++)
		free(command->paths[i]);
	for (i = 0; command->env != NULL && i < OWN_COUNT; i++)
		free(command->env[i]);
	if (command->listen_pid != NULL)
		free(command->listen_pid - sizeof("LISTEN_PID"));
	free(command->paths);
	free(command->shell_argv);
	free(command->env);
	memset(command, 0, sizeof(*command));
}
