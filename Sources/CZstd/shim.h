#ifndef INV_CZSTD_H
#define INV_CZSTD_H
#include <zstd.h>
#include <zstd_errors.h>
#endif
