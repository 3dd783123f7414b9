#ifndef INV_CBROTLI_H
#define INV_CBROTLI_H
#include <brotli/decode.h>
#endif
