#include "COpenSSL.h"

#if __has_include(<openssl/hmac.h>)
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#else
#error "OpenSSL 3 was not found: install its development files (Debian: libssl-dev)"
#endif

#include <limits.h>

int copenssl_hmac_sha256(
    const void *key, size_t key_count, const void *message, size_t message_count, uint8_t *digest) {
    if (key_count > INT_MAX) return 0;
    unsigned int digest_count = 0;
    // The library reads a null key as "the key of before"; an empty one needs an address.
    const void *start = key_count == 0 ? "" : key;
    return HMAC(EVP_sha256(), start, (int)key_count, message, message_count, digest, &digest_count)
        != NULL;
}

int copenssl_random(void *bytes, size_t count) {
    if (count > INT_MAX) return 0;
    return RAND_bytes(bytes, (int)count) == 1;
}

int copenssl_compare(const void *left, const void *right, size_t count) {
    return CRYPTO_memcmp(left, right, count);
}
