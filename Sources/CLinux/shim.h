// What Swift's Glibc module does not show of glibc.
#ifndef INV_CLINUX_SHIM_H
#define INV_CLINUX_SHIM_H

#include <fcntl.h>

extern int renameat2(int, const char *, int, const char *, unsigned int);

// renameat2(2) with RENAME_EXCHANGE.
static inline int inv_exchange_names(const char *one, const char *other) {
  return renameat2(AT_FDCWD, one, AT_FDCWD, other, 1U << 1);
}

#endif
