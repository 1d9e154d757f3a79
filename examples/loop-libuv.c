/*
 * loop-libuv.c: a group in libuv's event loop.
 *
 *	cc loop-libuv.c $(pkg-config --cflags --libs libcontain libuv)
 */
#include <sys/wait.h>
#include <contain.h>
#include <stdio.h>
#include <uv.h>

static void
on_news(uv_poll_t *watch, int status, int events)
{
	struct contain_group *group = watch->data;
	struct contain_result result;

	(void)status;
	(void)events;
	if (contain_wait(group, 0, &result, NULL) != CONTAIN_OK)
		return;
	printf("exit status %d\n", WEXITSTATUS(result.status));
	/* the descriptor goes with the group: first let go of it */
	uv_poll_stop(watch);
	uv_close((uv_handle_t *)watch, NULL);
	contain_free(group);
}

int
main(void)
{
	char *const argv[] = { (char *)"sh", (char *)"-c",
		(char *)"sleep 600 & exit 3", NULL };
	struct contain_options *options = contain_options_new();
	struct contain_group *group;
	struct contain_error err;
	uv_poll_t watch;

	if (options == NULL || contain_spawn(options, argv, &group, &err) < 0)
		return 1;
	contain_options_free(options);
	uv_poll_init(uv_default_loop(), &watch, contain_fd(group));
	watch.data = group;
	uv_poll_start(&watch, UV_READABLE, on_news);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	uv_loop_close(uv_default_loop());
	return 0;
}
