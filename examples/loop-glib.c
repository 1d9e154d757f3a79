/*
 * loop-glib.c: a group in GLib's main loop.
 *
 *	cc loop-glib.c $(pkg-config --cflags --libs libcontain glib-2.0)
 */
#include <sys/wait.h>
#include <contain.h>
#include <glib-unix.h>
#include <stdio.h>

struct work {
	struct contain_group *group;
	GMainLoop *loop;
};

static gboolean
on_news(gint fd, GIOCondition condition, gpointer data)
{
	struct work *work = data;
	struct contain_result result;

	(void)fd;
	(void)condition;
	if (contain_wait(work->group, 0, &result, NULL) != CONTAIN_OK)
		return G_SOURCE_CONTINUE;
	printf("exit status %d\n", WEXITSTATUS(result.status));
	g_main_loop_quit(work->loop);
	return G_SOURCE_REMOVE;
}

int
main(void)
{
	char *const argv[] = { (char *)"sh", (char *)"-c",
		(char *)"sleep 600 & exit 3", NULL };
	struct contain_options *options = contain_options_new();
	struct contain_error err;
	struct work work;

	if (options == NULL ||
	    contain_spawn(options, argv, &work.group, &err) < 0)
		return 1;
	contain_options_free(options);
	work.loop = g_main_loop_new(NULL, FALSE);
	g_unix_fd_add(contain_fd(work.group), G_IO_IN, on_news, &work);
	g_main_loop_run(work.loop);
	g_main_loop_unref(work.loop);
	contain_free(work.group);
	return 0;
}
