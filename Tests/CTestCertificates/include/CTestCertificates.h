/// Certificates made while the tests run.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/// A P-256 key and a certificate for it, as PEM that ends with a zero byte.
///
/// `names` is what OpenSSL's configuration takes: `DNS:localhost,IP:127.0.0.1`. Times are seconds from
/// now. Signed by an authority's PEM, or by itself where that is NULL.
bool ctest_certificate(
    const char *subject, const char *names, long not_before, long not_after, bool is_authority,
    const char *authority, const char *authority_key, char *certificate, char *key, size_t room);
/// A client on a blocking socket that shakes hands, renews its key so often, says one byte and waits for
/// the end.
bool ctest_renew_keys(int descriptor, int count);
/// The key again, under a password.
bool ctest_encrypt_key(const char *key, const char *password, char *encrypted, size_t room);
