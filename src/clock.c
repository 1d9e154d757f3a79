/* clock.c: time that only goes forward */
#include "config.h"

#include <time.h>

#include "clock.h"

int64_t
ctn_clock_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
ctn_clock_deadline_ms(int64_t after_ms)
{
	int64_t now = ctn_clock_now_ms();

	/* + 1: now was rounded down, a deadline must not come early */
	return after_ms >= CTN_NEVER - now - 1 ? CTN_NEVER : now + after_ms + 1;
}

int64_t
ctn_clock_left_ms(int64_t deadline_ms)
{
	int64_t now;

	if (deadline_ms == CTN_NEVER)
		return -1;
	now = ctn_clock_now_ms();
	return deadline_ms > now ? deadline_ms - now : 0;
}
