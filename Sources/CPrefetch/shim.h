#pragma once

static inline void inv_prefetch(const void *at) { __builtin_prefetch(at); }
