#ifndef INV_CSNAPPY_H
#define INV_CSNAPPY_H
#include <snappy-c.h>
#endif
