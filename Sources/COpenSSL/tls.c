#define _GNU_SOURCE
#include "COpenSSLTLS.h"

#if __has_include(<openssl/ssl.h>)
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#else
#error "OpenSSL 3 was not found: install its development files (Debian: libssl-dev)"
#endif

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct copenssl_channel {
    SSL *ssl;
    int descriptor;
    bool is_server;
    /// The socket has ended.
    bool is_ended;
    bool is_not_tls;
    /// After a fatal error nothing may be said any more, and it is told again and again.
    bool is_broken;
    enum copenssl_result failure;
    int first_byte;
    /// Of the socket, that may still be read in this call.
    size_t allowance;
    /// Since the handshake, of what carries no data.
    unsigned side_records;
    int error;
    const char *why;
    /// Made by OpenSSL and not sent yet: `count` bytes from `start` on.
    uint8_t *out;
    size_t start, count, capacity;
};

/// What may wait: four records and a handshake. A peer that asks for more answers than it reads, by
/// updates of the key, ends here.
enum { OUT_MINIMUM = 17 * 1024, OUT_MAXIMUM = 256 * 1024 };

/// A long certificate chain in one go.
enum { HANDSHAKE_ALLOWANCE = 64 * 1024 };

/// Updates of the key, refused renegotiations, warnings: each is dear, and OpenSSL reads on after it
/// without coming back to us. A key that is renewed as often as it has to be lasts for 38 TB so.
enum { SIDE_RECORDS_MAXIMUM = 100 };

// MARK: The socket as OpenSSL sees it

static int socket_write(BIO *bio, const char *bytes, int count) {
    copenssl_channel *channel = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (count <= 0) return 0;
    size_t end = channel->start + channel->count;
    if (end + (size_t)count > channel->capacity) {
        if (channel->start > 0) {
            memmove(channel->out, channel->out + channel->start, channel->count);
            channel->start = 0;
            end = channel->count;
        }
        size_t wanted = end + (size_t)count;
        if (wanted > OUT_MAXIMUM) {
            channel->why = "the peer asks for more answers than it reads";
            return -1;
        }
        if (wanted > channel->capacity) {
            if (wanted < OUT_MINIMUM) wanted = OUT_MINIMUM;
            uint8_t *larger = realloc(channel->out, wanted);
            if (larger == NULL) return -1;
            channel->out = larger;
            channel->capacity = wanted;
        }
    }
    memcpy(channel->out + end, bytes, (size_t)count);
    channel->count += (size_t)count;
    return count;
}

static int socket_read(BIO *bio, char *bytes, int room) {
    copenssl_channel *channel = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (room <= 0 || channel->is_not_tls) return -1;
    if (channel->allowance == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t wanted = (size_t)room < channel->allowance ? (size_t)room : channel->allowance;
    ssize_t count;
    do {
        count = recv(channel->descriptor, bytes, wanted, 0);
    } while (count == -1 && errno == EINTR);
    if (count > 0) {
        channel->allowance -= (size_t)count;
        if (channel->first_byte < 0) {
            channel->first_byte = (uint8_t)bytes[0];
            // A handshake record; a server may also begin with an alert. OpenSSL itself would wait for
            // five bytes of anything.
            bool is_tls = channel->first_byte == 0x16
                || (channel->first_byte == 0x15 && !channel->is_server);
            if (!is_tls) {
                channel->is_not_tls = true;
                return -1;
            }
        }
        return (int)count;
    }
    if (count == 0) {
        channel->is_ended = true;
        return 0;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        BIO_set_retry_read(bio);
    } else {
        channel->error = errno;
    }
    return -1;
}

static long socket_control(BIO *bio, int command, long number, void *pointer) {
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return ((copenssl_channel *)BIO_get_data(bio))->is_ended;
    default: return 0;
    }
}

static pthread_once_t method_once = PTHREAD_ONCE_INIT;
static BIO_METHOD *method;

static void make_method(void) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == NULL) return;
    BIO_meth_set_write(made, socket_write);
    BIO_meth_set_read(made, socket_read);
    BIO_meth_set_ctrl(made, socket_control);
    method = made;
}

// MARK: Contexts

static const char *library_reason(void) {
    unsigned long error = ERR_peek_last_error();
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    return reason == NULL ? "" : reason;
}

static copenssl_context *fail(
    SSL_CTX *context, enum copenssl_setup *outcome, enum copenssl_setup value, const char **why) {
    *outcome = value;
    *why = library_reason();
    ERR_clear_error();
    SSL_CTX_free(context);
    return NULL;
}

static SSL_CTX *make_context(const SSL_METHOD *kind) {
    ERR_clear_error();
    pthread_once(&method_once, make_method);
    if (method == NULL) return NULL;
    SSL_CTX *context = SSL_CTX_new(kind);
    if (context == NULL) return NULL;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // What an idle connection holds goes back; a record that is cut into several writes may move.
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
            | SSL_MODE_ENABLE_PARTIAL_WRITE);
    // One read of the socket for several records, instead of two for each.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, 64 * 1024);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    return context;
}

static int no_password(char *buffer, int size, int is_writing, void *was_asked) {
    (void)buffer;
    (void)size;
    (void)is_writing;
    *(bool *)was_asked = true;
    return -1;
}

static bool is_end_of_pem(void) {
    return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static BIO *memory(const void *bytes, size_t count) {
    return count > INT_MAX ? NULL : BIO_new_mem_buf(count == 0 ? "" : bytes, (int)count);
}

/// The certificate, and those that lead from it to a root.
static enum copenssl_setup use_chain(SSL_CTX *context, BIO *source) {
    bool was_asked = false;
    X509 *leaf = PEM_read_bio_X509_AUX(source, NULL, no_password, &was_asked);
    if (leaf == NULL) {
        return is_end_of_pem() ? COPENSSL_SETUP_NO_CERTIFICATE : COPENSSL_SETUP_BAD_CERTIFICATE;
    }
    int is_used = SSL_CTX_use_certificate(context, leaf);
    X509_free(leaf);
    if (is_used != 1) return COPENSSL_SETUP_BAD_CERTIFICATE;
    X509 *next;
    while ((next = PEM_read_bio_X509(source, NULL, no_password, &was_asked)) != NULL) {
        if (SSL_CTX_add0_chain_cert(context, next) != 1) {
            X509_free(next);
            return COPENSSL_SETUP_BAD_CERTIFICATE;
        }
    }
    if (!is_end_of_pem()) return COPENSSL_SETUP_BAD_CERTIFICATE;
    ERR_clear_error();
    return COPENSSL_SETUP_DONE;
}

/// OpenSSL's own word for it differs by what else stands there.
static bool holds_key(const void *text, size_t count) {
    const char mark[] = "PRIVATE KEY-----";
    return memmem(text, count, mark, sizeof mark - 1) != NULL;
}

static enum copenssl_setup use_key(SSL_CTX *context, BIO *source) {
    bool was_asked = false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(source, NULL, no_password, &was_asked);
    if (key == NULL) {
        return was_asked ? COPENSSL_SETUP_ENCRYPTED_KEY : COPENSSL_SETUP_BAD_KEY;
    }
    const X509 *leaf = SSL_CTX_get0_certificate(context);
    bool fits = leaf != NULL && X509_check_private_key(leaf, key) == 1;
    int is_used = fits ? SSL_CTX_use_PrivateKey(context, key) : 0;
    EVP_PKEY_free(key);
    if (!fits) return COPENSSL_SETUP_KEY_MISMATCH;
    return is_used == 1 ? COPENSSL_SETUP_DONE : COPENSSL_SETUP_BAD_KEY;
}

copenssl_context *copenssl_server_context(
    const void *certificate, size_t certificate_count, const void *key, size_t key_count,
    enum copenssl_setup *outcome, const char **why) {
    SSL_CTX *context = make_context(TLS_server_method());
    BIO *chain = memory(certificate, certificate_count);
    BIO *private = memory(key, key_count);
    enum copenssl_setup value = COPENSSL_SETUP_FAILED;
    if (context != NULL && chain != NULL && private != NULL) {
        value = use_chain(context, chain);
        if (value == COPENSSL_SETUP_DONE) {
            value = holds_key(key, key_count) ? use_key(context, private) : COPENSSL_SETUP_NO_KEY;
        }
    }
    BIO_free(chain);
    BIO_free(private);
    if (value != COPENSSL_SETUP_DONE) return fail(context, outcome, value, why);
    // librtmp breaks on the tickets of TLS 1.3 (URL-4), and an hour-long stream gains nothing.
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // The cheapest first: it is paid for every byte of every player.
    SSL_CTX_set_ciphersuites(
        context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    SSL_CTX_set_cipher_list(context, "ECDHE+AES128+AESGCM:ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!AESCCM:!SHA1");
    *outcome = COPENSSL_SETUP_DONE;
    ERR_clear_error();
    return (copenssl_context *)context;
}

copenssl_context *copenssl_client_context(
    const void *authorities, size_t authorities_count, bool verifies,
    enum copenssl_setup *outcome, const char **why) {
    SSL_CTX *context = make_context(TLS_client_method());
    if (context == NULL) return fail(context, outcome, COPENSSL_SETUP_FAILED, why);
    SSL_CTX_set_verify(context, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (authorities == NULL) {
        // Without any root every certificate is refused, which is then what is told.
        SSL_CTX_set_default_verify_paths(context);
    } else {
        enum copenssl_setup value = COPENSSL_SETUP_NO_CERTIFICATE;
        BIO *source = memory(authorities, authorities_count);
        if (source == NULL) return fail(context, outcome, COPENSSL_SETUP_FAILED, why);
        bool was_asked = false;
        X509 *next;
        while ((next = PEM_read_bio_X509(source, NULL, no_password, &was_asked)) != NULL) {
            int is_added = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), next);
            X509_free(next);
            value = is_added == 1 ? COPENSSL_SETUP_DONE : COPENSSL_SETUP_BAD_CERTIFICATE;
            if (is_added != 1) break;
        }
        if (value == COPENSSL_SETUP_DONE && !is_end_of_pem()) {
            value = COPENSSL_SETUP_BAD_CERTIFICATE;
        }
        BIO_free(source);
        if (value != COPENSSL_SETUP_DONE) return fail(context, outcome, value, why);
    }
    *outcome = COPENSSL_SETUP_DONE;
    ERR_clear_error();
    return (copenssl_context *)context;
}

void copenssl_context_free(copenssl_context *context) {
    SSL_CTX_free((SSL_CTX *)context);
}

// MARK: Channels

static void count_record(
    int is_write, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument) {
    (void)version;
    copenssl_channel *channel = argument;
    bool is_type = type == SSL3_RT_HEADER || type == SSL3_RT_INNER_CONTENT_TYPE;
    if (is_write || !is_type || count == 0 || !SSL_is_init_finished(ssl)) return;
    // TLS 1.3 calls all records data and says inside of them what they are.
    if (*(const uint8_t *)bytes != SSL3_RT_APPLICATION_DATA) channel->side_records += 1;
}

static copenssl_channel *make_channel(copenssl_context *context, int descriptor, bool is_server) {
    ERR_clear_error();
    copenssl_channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) return NULL;
    channel->descriptor = descriptor;
    channel->is_server = is_server;
    channel->first_byte = -1;
    channel->ssl = SSL_new((SSL_CTX *)context);
    BIO *bio = BIO_new(method);
    if (channel->ssl == NULL || bio == NULL) {
        BIO_free(bio);
        copenssl_channel_free(channel);
        return NULL;
    }
    BIO_set_data(bio, channel);
    BIO_set_init(bio, 1);
    SSL_set_bio(channel->ssl, bio, bio);
    SSL_set_msg_callback(channel->ssl, count_record);
    SSL_set_msg_callback_arg(channel->ssl, channel);
    if (is_server) {
        SSL_set_accept_state(channel->ssl);
    } else {
        SSL_set_connect_state(channel->ssl);
    }
    return channel;
}

copenssl_channel *copenssl_accept(copenssl_context *context, int descriptor) {
    return make_channel(context, descriptor, true);
}

copenssl_channel *copenssl_connect(
    copenssl_context *context, int descriptor, const char *host, bool is_address) {
    copenssl_channel *channel = make_channel(context, descriptor, false);
    if (channel == NULL) return NULL;
    bool is_named;
    if (is_address) {
        is_named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(channel->ssl), host) == 1;
    } else {
        SSL_set_hostflags(channel->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        is_named = SSL_set1_host(channel->ssl, host) == 1
            && SSL_set_tlsext_host_name(channel->ssl, host) == 1;
    }
    if (is_named) return channel;
    copenssl_channel_free(channel);
    return NULL;
}

void copenssl_channel_free(copenssl_channel *channel) {
    SSL_free(channel->ssl);
    free(channel->out);
    free(channel);
}

static enum copenssl_result fault(copenssl_channel *channel) {
    if (channel->is_not_tls) return COPENSSL_NOT_TLS;
    if (channel->error != 0) return COPENSSL_SYSTEM;
    unsigned long error = ERR_peek_error();
    int reason = ERR_GET_REASON(error);
    const char *text = ERR_reason_error_string(error);
    if (channel->why == NULL) channel->why = text == NULL ? "" : text;
    ERR_clear_error();
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        channel->why = X509_verify_cert_error_string(SSL_get_verify_result(channel->ssl));
        return COPENSSL_UNTRUSTED;
    }
    if (channel->is_ended) return COPENSSL_CUT;
    // OpenSSL numbers the alerts of the peer from here on.
    bool is_alert = reason > SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + 255;
    return is_alert ? COPENSSL_REFUSED : COPENSSL_FAULT;
}

static enum copenssl_result result(copenssl_channel *channel, int returned) {
    if (channel->is_broken) return channel->failure;
    switch (SSL_get_error(channel->ssl, returned)) {
    case SSL_ERROR_WANT_READ: return COPENSSL_WAIT;
    case SSL_ERROR_ZERO_RETURN: return COPENSSL_CLOSED;
    default: break;
    }
    channel->failure = fault(channel);
    channel->is_broken = true;
    return channel->failure;
}

enum copenssl_result copenssl_handshake(copenssl_channel *channel) {
    if (channel->is_broken) return channel->failure;
    ERR_clear_error();
    channel->allowance = HANDSHAKE_ALLOWANCE;
    int returned = SSL_do_handshake(channel->ssl);
    return returned == 1 ? COPENSSL_DONE : result(channel, returned);
}

void copenssl_allow(copenssl_channel *channel, size_t count) {
    channel->allowance = count;
}

enum copenssl_result copenssl_read(
    copenssl_channel *channel, void *bytes, size_t room, size_t *count) {
    *count = 0;
    if (channel->is_broken) return channel->failure;
    if (channel->side_records > SIDE_RECORDS_MAXIMUM) {
        channel->why = "more than a hundred records without data";
        channel->failure = COPENSSL_FAULT;
        channel->is_broken = true;
        return COPENSSL_FAULT;
    }
    ERR_clear_error();
    int returned = SSL_read_ex(channel->ssl, bytes, room, count);
    return returned == 1 ? COPENSSL_DONE : result(channel, returned);
}

enum copenssl_result copenssl_write(copenssl_channel *channel, const void *bytes, size_t count) {
    if (channel->is_broken) return channel->failure;
    ERR_clear_error();
    size_t taken = 0;
    int returned = SSL_write_ex(channel->ssl, bytes, count, &taken);
    if (returned != 1) return result(channel, returned);
    return taken == count ? COPENSSL_DONE : COPENSSL_FAULT;
}

void copenssl_shutdown(copenssl_channel *channel) {
    if (channel->is_broken || !SSL_is_init_finished(channel->ssl)) return;
    if (SSL_get_shutdown(channel->ssl) & SSL_SENT_SHUTDOWN) return;
    ERR_clear_error();
    // It only puts an alert into the channel; 0 means that the peer's is not here yet.
    SSL_shutdown(channel->ssl);
    ERR_clear_error();
}

enum copenssl_result copenssl_flush(copenssl_channel *channel) {
    while (channel->count > 0) {
        ssize_t sent = send(
            channel->descriptor, channel->out + channel->start, channel->count, MSG_NOSIGNAL);
        if (sent == -1) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return COPENSSL_WAIT;
            channel->error = errno;
            channel->failure = COPENSSL_SYSTEM;
            channel->is_broken = true;
            return COPENSSL_SYSTEM;
        }
        channel->start += (size_t)sent;
        channel->count -= (size_t)sent;
    }
    free(channel->out);
    channel->out = NULL;
    channel->start = 0;
    channel->capacity = 0;
    return COPENSSL_DONE;
}

bool copenssl_has_unread(const copenssl_channel *channel) {
    return SSL_has_pending(channel->ssl) == 1;
}

size_t copenssl_unsent(const copenssl_channel *channel) {
    return channel->count;
}

// MARK: Why, and with whom

int copenssl_first_byte(const copenssl_channel *channel) {
    return channel->first_byte;
}

int copenssl_errno(const copenssl_channel *channel) {
    return channel->error;
}

const char *copenssl_why(const copenssl_channel *channel) {
    return channel->why == NULL ? "" : channel->why;
}

const char *copenssl_version(const copenssl_channel *channel) {
    return SSL_get_version(channel->ssl);
}

const char *copenssl_cipher(const copenssl_channel *channel) {
    return SSL_get_cipher_name(channel->ssl);
}

const char *copenssl_doubt(const copenssl_channel *channel) {
    long value = SSL_get_verify_result(channel->ssl);
    return value == X509_V_OK ? NULL : X509_verify_cert_error_string(value);
}

/// What fits of a memory BIO, as a C string.
static void take_text(BIO *source, char *text, size_t room) {
    int count = BIO_read(source, text, (int)room - 1);
    text[count > 0 ? count : 0] = 0;
}

static void print_name(const X509_NAME *name, char *text, size_t room) {
    BIO *target = BIO_new(BIO_s_mem());
    if (target == NULL) return;
    X509_NAME_print_ex(target, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    take_text(target, text, room);
    BIO_free(target);
}

static void print_names(const X509 *certificate, char *text, size_t room) {
    GENERAL_NAMES *list = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    BIO *target = BIO_new(BIO_s_mem());
    for (int index = 0; target != NULL && index < sk_GENERAL_NAME_num(list); index += 1) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(list, index);
        const char *gap = BIO_ctrl_pending(target) > 0 ? " " : "";
        if (name->type == GEN_DNS) {
            BIO_printf(
                target, "%s%.*s", gap, ASN1_STRING_length(name->d.dNSName),
                (const char *)ASN1_STRING_get0_data(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            char address[INET6_ADDRSTRLEN];
            int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
            bool is_address = family == AF_INET || ASN1_STRING_length(name->d.iPAddress) == 16;
            if (is_address
                && inet_ntop(
                    family, ASN1_STRING_get0_data(name->d.iPAddress), address, sizeof address)) {
                BIO_printf(target, "%s%s", gap, address);
            }
        }
    }
    if (target != NULL) take_text(target, text, room);
    BIO_free(target);
    GENERAL_NAMES_free(list);
}

static int64_t seconds(const ASN1_TIME *time) {
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

static bool describe(const X509 *shown, struct copenssl_certificate *certificate) {
    memset(certificate, 0, sizeof *certificate);
    if (shown == NULL) return false;
    ERR_clear_error();
    print_name(X509_get_subject_name(shown), certificate->subject, sizeof certificate->subject);
    print_name(X509_get_issuer_name(shown), certificate->issuer, sizeof certificate->issuer);
    print_names(shown, certificate->names, sizeof certificate->names);
    certificate->not_before = seconds(X509_get0_notBefore(shown));
    certificate->not_after = seconds(X509_get0_notAfter(shown));
    ERR_clear_error();
    return true;
}

bool copenssl_peer_certificate(
    const copenssl_channel *channel, struct copenssl_certificate *certificate) {
    return describe(SSL_get0_peer_certificate(channel->ssl), certificate);
}

bool copenssl_own_certificate(
    const copenssl_context *context, struct copenssl_certificate *certificate) {
    return describe(SSL_CTX_get0_certificate((const SSL_CTX *)context), certificate);
}
