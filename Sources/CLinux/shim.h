// What glibc has and Swift's Glibc module does not show: renameat2(2), pipe2(2), ioctl(2).
//
// Nothing is included, so that no type of another module becomes one of this.
#ifndef INV_CLINUX_SHIM_H
#define INV_CLINUX_SHIM_H

int renameat2(int, const char *, int, const char *, unsigned int);
int pipe2(int[2], int);
int ioctl(int, unsigned long, ...);

// TIOCGWINSZ: how many columns a terminal has; 0 where it is none.
static inline int inv_columns(int descriptor) {
  unsigned short size[4] = {0, 0, 0, 0};
  return ioctl(descriptor, 0x5413, size) == 0 ? size[1] : 0;
}

#endif
