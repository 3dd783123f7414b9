// What glibc has and Swift's Glibc module does not show: renameat2(2), mallopt(3).
//
// Nothing is included, so that no type of another module becomes one of this.
#ifndef INV_CLINUX_SHIM_H
#define INV_CLINUX_SHIM_H

int renameat2(int, const char *, int, const char *, unsigned int);
int mallopt(int, int);

#endif
