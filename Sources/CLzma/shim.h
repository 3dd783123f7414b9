#ifndef INV_CLZMA_H
#define INV_CLZMA_H
#include <lzma.h>

/* Macros that Swift does not import. */
static inline lzma_stream inv_lzma_stream(void) {
  lzma_stream stream = LZMA_STREAM_INIT;
  return stream;
}

static inline lzma_ret inv_lzma_stream_decoder(lzma_stream *stream, uint64_t memory) {
  return lzma_stream_decoder(stream, memory, LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK);
}
#endif
