#pragma once

#include <stdint.h>
#include <string.h>

// What Swift has no words for: prefetching, and vectors whose lanes are shifted, widened and made
// masks. The compiler makes of them what the processor has.

static inline void inv_prefetch(const void *at) { __builtin_prefetch(at); }

typedef uint8_t inv_bytes32 __attribute__((ext_vector_type(32)));
typedef uint16_t inv_halves8 __attribute__((ext_vector_type(8)));
typedef uint64_t inv_words4 __attribute__((ext_vector_type(4)));

// Which of 32 bytes are less than limit: the first is the lowest bit.
static inline uint32_t inv_less(const void *bytes, uint8_t limit) {
  typedef _Bool bools32 __attribute__((ext_vector_type(32)));
  inv_bytes32 all;
  memcpy(&all, bytes, 32);
  bools32 less = __builtin_convertvector(all < (inv_bytes32)limit, bools32);
  uint32_t mask;
  memcpy(&mask, &less, 4);
  return mask;
}

static inline inv_words4 inv_every(uint64_t word) { return (inv_words4)word; }

// Makes bytes of 32 numbers of width bits, at most 7, which begin at bit shift, at most 7, of at. Eight
// numbers are as many bytes as one has bits; eight bytes are read for each eight.
static inline void inv_spread(const void *at, uint64_t shift, uint64_t width, void *bytes) {
  const char *from = (const char *)at;
  uint64_t some[4];
  for (int i = 0; i < 4; i++) memcpy(&some[i], from + (uint64_t)i * width, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (int i = 0; i < 4; i++) some[i] = __builtin_bswap64(some[i]);
#endif
  inv_words4 all = {some[0], some[1], some[2], some[3]}, low;
  all = all >> inv_every(shift) & inv_every(((uint64_t)1 << 8 * width) - 1);
  low = all & inv_every(((uint64_t)1 << 4 * width) - 1);
  all = low | (all ^ low) << inv_every(32 - 4 * width);
  low = all & inv_every((((uint64_t)1 << 2 * width) - 1) * 0x0000000100000001);
  all = low | (all ^ low) << inv_every(16 - 2 * width);
  low = all & inv_every((((uint64_t)1 << width) - 1) * 0x0001000100010001);
  all = low | (all ^ low) << inv_every(8 - width);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (int i = 0; i < 4; i++) all[i] = __builtin_bswap64(all[i]);
#endif
  memcpy(bytes, &all, 32);
}

// Sets 33 sums: of the first none, one, two ... of 32 bytes.
static inline void inv_sums(const void *bytes, uint16_t *sums) {
  const inv_halves8 zero = 0;
  inv_halves8 before = 0;
  sums[0] = 0;
  for (int i = 0; i < 4; i++) {
    typedef uint8_t bytes8 __attribute__((ext_vector_type(8)));
    bytes8 some;
    memcpy(&some, (const char *)bytes + 8 * i, 8);
    inv_halves8 sum = __builtin_convertvector(some, inv_halves8);
    sum += __builtin_shufflevector(zero, sum, 0, 8, 9, 10, 11, 12, 13, 14);
    sum += __builtin_shufflevector(zero, sum, 0, 1, 8, 9, 10, 11, 12, 13);
    sum += __builtin_shufflevector(zero, sum, 0, 1, 2, 3, 8, 9, 10, 11);
    sum += before;
    memcpy(sums + 1 + 8 * i, &sum, 16);
    before = __builtin_shufflevector(sum, sum, 7, 7, 7, 7, 7, 7, 7, 7);
  }
}
