/* stat.c: whatever is in /proc/PID/stat */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "os/linux.h"
#include "os/os.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctn_process process;
	char text[1024];

	if (size >= sizeof(text))
		size = sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	if (ctn_linux_parse_stat(text, &process) == -1)
		return 0;
	FUZZ_HOLDS(memchr(process.name, '\0', sizeof(process.name)) != NULL);
	FUZZ_HOLDS(process.is_member == 0);
	FUZZ_HOLDS(!process.is_zombie || !process.is_stopped);
	return 0;
}
