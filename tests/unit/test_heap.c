/* test_heap.c: memory for a command that needs little of it */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/heap.h"
#include "unit.h"

#define BIG 100000	/* more than the room has */

/* Is the page of this address mapped? */
static int
is_mapped(const void *memory)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	unsigned char resident;	/* char where it is macOS */

	return mincore((void *)((uintptr_t)memory / size * size), 1,
	    (void *)&resident) == 0;
}

static void
pieces_are_apart(void **state)
{
	char *pieces[50];
	size_t i;

	(void)state;
	for (i = 0; i < 50; i++) {
		pieces[i] = cli_heap_get(i);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % sizeof(long double),
		    0);
		memset(pieces[i], (int)i, i);
	}
	for (i = 0; i < 50; i++) {
		assert_true(i == 0 || pieces[i][0] == (char)i);
		assert_true(i == 0 || pieces[i][i - 1] == (char)i);
		cli_heap_give_back(pieces[i]);
	}
}

static void
last_piece_is_used_again(void **state)
{
	void *first = cli_heap_get(10), *second = cli_heap_get(10);
	void *third;

	(void)state;
	cli_heap_give_back(second);
	third = cli_heap_get(20);
	assert_ptr_equal(third, second);
	cli_heap_give_back(first);
	cli_heap_give_back(third);
}

static void
all_is_used_again(void **state)
{
	void *first = cli_heap_get(10), *second = cli_heap_get(10), *again;

	(void)state;
	cli_heap_give_back(first);
	cli_heap_give_back(second);
	again = cli_heap_get(10);
	assert_ptr_equal(again, first);
	cli_heap_give_back(again);
}

static void
zeroes(void **state)
{
	char *dirty = cli_heap_get(100), *clean;
	size_t i;

	(void)state;
	memset(dirty, 1, 100);
	cli_heap_give_back(dirty);
	clean = cli_heap_get_zeroed(10, 10);
	assert_ptr_equal(clean, dirty);
	for (i = 0; i < 100; i++)
		assert_int_equal(clean[i], 0);
	cli_heap_give_back(clean);
}

static void
big_is_mapped_and_unmapped(void **state)
{
	char *big = cli_heap_get_zeroed(BIG, 1);

	(void)state;
	assert_non_null(big);
	assert_int_equal(big[BIG - 1], 0);
	big[BIG - 1] = 1;
	assert_true(is_mapped(big));
	errno = EDOM;
	cli_heap_give_back(big);
	assert_int_equal(errno, EDOM);
	assert_false(is_mapped(big));
}

static void
goes_on_beyond_the_room(void **state)
{
	static char *pieces[1000];
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		pieces[i] = cli_heap_get(100);
		assert_non_null(pieces[i]);
		memset(pieces[i], (int)(i % 100), 100);
	}
	for (i = 0; i < 1000; i++) {
		assert_int_equal(pieces[i][99], i % 100);
		cli_heap_give_back(pieces[i]);
	}
	assert_false(is_mapped(pieces[999]));
	assert_ptr_equal(cli_heap_get(100), pieces[0]);
	cli_heap_give_back(pieces[0]);
}

static void
resizes(void **state)
{
	char *memory = cli_heap_resize(NULL, 10), *other;

	(void)state;
	strcpy(memory, "contained");
	other = cli_heap_resize(memory, BIG);
	assert_string_equal(other, "contained");
	memset(other + 10, 'x', BIG - 10);
	other = cli_heap_resize(other, 3);
	assert_memory_equal(other, "con", 3);
	cli_heap_give_back(other);
	cli_heap_give_back(NULL);
}

static void
too_much(void **state)
{
	char *memory = cli_heap_get(10);

	(void)state;
	errno = 0;
	assert_null(cli_heap_get(SIZE_MAX));
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_null(cli_heap_get_zeroed(SIZE_MAX / 2 + 2, 2));
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_null(cli_heap_get(PTRDIFF_MAX));
	assert_int_equal(errno, ENOMEM);
	assert_null(cli_heap_resize(memory, SIZE_MAX));
	strcpy(memory, "there");	/* it still is */
	cli_heap_give_back(memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_apart),
		cmocka_unit_test(last_piece_is_used_again),
		cmocka_unit_test(all_is_used_again),
		cmocka_unit_test(zeroes),
		cmocka_unit_test(big_is_mapped_and_unmapped),
		cmocka_unit_test(goes_on_beyond_the_room),
		cmocka_unit_test(resizes),
		cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
