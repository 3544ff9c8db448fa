#include "CTestCertificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

static bool take(BIO *source, char *text, size_t room) {
    int count = BIO_read(source, text, (int)room - 1);
    if (count <= 0) return false;
    text[count] = 0;
    return true;
}

static bool extend(X509 *certificate, X509 *issuer, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

bool ctest_certificate(
    const char *subject, const char *names, long not_before, long not_after, bool is_authority,
    const char *authority, const char *authority_key, char *certificate, char *key, size_t room) {
    EVP_PKEY *own = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509 *issuer = made;
    EVP_PKEY *signer = own;
    if (authority != NULL) {
        BIO *source = BIO_new_mem_buf(authority, -1);
        issuer = PEM_read_bio_X509(source, NULL, NULL, NULL);
        BIO_free(source);
        source = BIO_new_mem_buf(authority_key, -1);
        signer = PEM_read_bio_PrivateKey(source, NULL, NULL, NULL);
        BIO_free(source);
    }
    uint64_t serial = 1;
    RAND_bytes((unsigned char *)&serial, 7);
    X509_set_version(made, 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial);
    X509_gmtime_adj(X509_getm_notBefore(made), not_before);
    X509_gmtime_adj(X509_getm_notAfter(made), not_after);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made), "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer));
    X509_set_pubkey(made, own);
    bool is_done = extend(made, issuer, NID_basic_constraints, is_authority ? "CA:TRUE" : "CA:FALSE")
        && (names == NULL || extend(made, issuer, NID_subject_alt_name, names))
        && X509_sign(made, signer, EVP_sha256()) > 0;
    BIO *target = BIO_new(BIO_s_mem());
    is_done = is_done && PEM_write_bio_X509(target, made) == 1 && take(target, certificate, room);
    BIO_free(target);
    target = BIO_new(BIO_s_mem());
    is_done = is_done && PEM_write_bio_PrivateKey(target, own, NULL, NULL, 0, NULL, NULL) == 1
        && take(target, key, room);
    BIO_free(target);
    if (authority != NULL) {
        X509_free(issuer);
        EVP_PKEY_free(signer);
    }
    X509_free(made);
    EVP_PKEY_free(own);
    return is_done;
}

bool ctest_encrypt_key(const char *key, const char *password, char *encrypted, size_t room) {
    BIO *source = BIO_new_mem_buf(key, -1);
    EVP_PKEY *plain = PEM_read_bio_PrivateKey(source, NULL, NULL, NULL);
    BIO_free(source);
    BIO *target = BIO_new(BIO_s_mem());
    bool is_done = PEM_write_bio_PKCS8PrivateKey(
                       target, plain, EVP_aes_128_cbc(), password, (int)strlen(password), NULL, NULL)
            == 1
        && take(target, encrypted, room);
    BIO_free(target);
    EVP_PKEY_free(plain);
    return is_done;
}

bool ctest_renew_keys(int descriptor, int count) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    bool is_done = SSL_set_fd(ssl, descriptor) == 1 && SSL_connect(ssl) == 1;
    for (int number = 0; is_done && number < count; number += 1) {
        is_done = SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1
            && SSL_do_handshake(ssl) == 1;
    }
    char byte = 0;
    is_done = is_done && SSL_write(ssl, &byte, 1) == 1;
    SSL_read(ssl, &byte, 1);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return is_done;
}
