/* registry.c: the backends that are built in */
#include "config.h"

#include <stddef.h>

#include "registry.h"

#ifdef CTN_HAVE_PIDNS
extern const struct ctn_backend ctn_pidns_backend;
#endif
#ifdef CTN_HAVE_PTY
extern const struct ctn_backend ctn_pty_backend;
#endif

const struct ctn_backend *const ctn_registry[] = {
#ifdef CTN_HAVE_PIDNS
	&ctn_pidns_backend,
#endif
#ifdef CTN_HAVE_PTY
	&ctn_pty_backend,
#endif
	NULL
};
