/*
 * registry.h: the backends that are built in, strongest guarantee first.
 */
#ifndef CTN_REGISTRY_H
#define CTN_REGISTRY_H

#include "backend.h"

/* Ends with NULL. */
extern const struct ctn_backend *const ctn_registry[];

#endif
