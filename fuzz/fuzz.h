/* fuzz.h: what libFuzzer calls */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that does not hold ends the fuzzer. */
#define FUZZ_HOLDS(condition) do {					\
	if (!(condition))						\
		__builtin_trap();					\
} while (0)

#endif
