#ifndef INV_CLZ4_H
#define INV_CLZ4_H
#include <lz4.h>
#endif
