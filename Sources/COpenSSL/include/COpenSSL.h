/// What we use of OpenSSL, as plain functions.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "COpenSSLTLS.h"

/// Writes 32 bytes to `digest`. 1, or 0 if the library failed.
int copenssl_hmac_sha256(
    const void *key, size_t key_count, const void *message, size_t message_count, uint8_t *digest);
/// Fills `bytes` from the cryptographic generator. 1, or 0 if it could not be seeded.
int copenssl_random(void *bytes, size_t count);
/// 0 if equal; takes as long whatever the bytes are.
int copenssl_compare(const void *left, const void *right, size_t count);
