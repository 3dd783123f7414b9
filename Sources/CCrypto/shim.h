#ifndef INV_CCRYPTO_H
#define INV_CCRYPTO_H
#include <openssl/evp.h>
#include <openssl/hmac.h>
#endif
