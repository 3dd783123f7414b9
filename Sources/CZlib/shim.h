// zlib's start functions are macros, which Swift cannot import.
#ifndef INV_CZLIB_H
#define INV_CZLIB_H
#include <zlib.h>

static inline int inv_inflateInit2(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

#endif
