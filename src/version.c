/* version.c: which release this is */
#include "config.h"

#include "contain.h"

const char *
contain_version(void)
{
	return PACKAGE_VERSION;
}
