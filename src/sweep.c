/* sweep.c: ending what is left of groups that nobody serves any more */
#include "config.h"

#include "error.h"
#include "os/os.h"
#include "registry.h"

int
contain_sweep(enum contain_sweep_how how, int64_t grace_ms,
    contain_stray_fn *stray, void *arg, struct contain_error *err)
{
	const struct ctn_backend *const *backend;
	int count = 0, code;

	if (how != CONTAIN_SWEEP_END && how != CONTAIN_SWEEP_LOOK)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "sweep",
		    "sweep: %d is not valid", (int)how);
	if (grace_ms < 0)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "grace_ms",
		    "grace_ms: %lld is not valid", (long long)grace_ms);
	if (ctn_os_is_elevated())
		return ctn_error_set(err, CONTAIN_E_PRIVILEGE, 0, "sweep",
		    "refusing to run set-uid, set-gid or with file "
		    "capabilities");
	for (backend = ctn_registry; *backend != NULL; backend++) {
		code = (*backend)->sweep(how, grace_ms, stray, arg, err);
		if (code < 0)
			return code;
		count += code;
	}
	return count;
}
