// The functions that take any type of argument are variadic, which Swift cannot import.
#ifndef INV_CCURL_H
#define INV_CCURL_H
#include <curl/curl.h>

typedef size_t (*inv_curl_taker)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode inv_curl_set_long(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode inv_curl_set_text(CURL *curl, CURLoption option, const char *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode inv_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode inv_curl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode inv_curl_set_taker(CURL *curl, CURLoption option, inv_curl_taker value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode inv_curl_get_pointer(CURL *curl, CURLINFO key, void **value) {
  return curl_easy_getinfo(curl, key, value);
}

static inline CURLMcode inv_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The message's result is in a union with no name that Swift could call it by.
static inline CURLcode inv_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
