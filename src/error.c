/* error.c: filling the caller's struct contain_error */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

static const char *const code_names[] = {
	[-CONTAIN_OK] = "ok",
	[-CONTAIN_E_USAGE] = "usage",
	[-CONTAIN_E_SYSTEM] = "system",
	[-CONTAIN_E_MEMORY] = "memory",
	[-CONTAIN_E_UNAVAILABLE] = "unavailable",
	[-CONTAIN_E_EXEC] = "exec",
	[-CONTAIN_E_TIMEOUT] = "timeout",
	[-CONTAIN_E_PRIVILEGE] = "privilege",
	[-CONTAIN_E_STATE] = "state",
	[-CONTAIN_E_WARDEN] = "warden",
};

const char *
contain_code_name(int code)
{
	size_t count = sizeof(code_names) / sizeof(code_names[0]);

	if (code > 0 || code <= -(int)count)
		return "unknown";
	return code_names[-code];
}

int
ctn_error_set(struct contain_error *err, int code, int errnum,
    const char *step, const char *format, ...)
{
	va_list args;
	size_t used;

	if (err == NULL)
		return code;
	err->code = code;
	err->errnum = errnum;
	snprintf(err->step, sizeof(err->step), "%s", step);
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	if (errnum != 0)
		snprintf(err->message + used, sizeof(err->message) - used,
		    ": %s", strerror(errnum));
	return code;
}
