/// TLS over a non-blocking socket.
///
/// A channel reads its socket as OpenSSL asks for bytes, and never writes it by itself: what OpenSSL
/// makes waits in the channel until `copenssl_flush`. So bytes once written are as good as sent, and no
/// write is ever to be repeated with the same bytes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct copenssl_context copenssl_context;
typedef struct copenssl_channel copenssl_channel;

enum __attribute__((enum_extensibility(closed))) copenssl_setup {
    COPENSSL_SETUP_DONE __attribute__((swift_name("done"))),
    /// No certificate stands in the PEM.
    COPENSSL_SETUP_NO_CERTIFICATE __attribute__((swift_name("noCertificate"))),
    COPENSSL_SETUP_BAD_CERTIFICATE __attribute__((swift_name("badCertificate"))),
    /// No private key stands in the PEM.
    COPENSSL_SETUP_NO_KEY __attribute__((swift_name("noKey"))),
    COPENSSL_SETUP_ENCRYPTED_KEY __attribute__((swift_name("encryptedKey"))),
    COPENSSL_SETUP_BAD_KEY __attribute__((swift_name("badKey"))),
    /// The key is another certificate's.
    COPENSSL_SETUP_KEY_MISMATCH __attribute__((swift_name("keyMismatch"))),
    /// The library itself failed.
    COPENSSL_SETUP_FAILED __attribute__((swift_name("failed"))),
};

enum __attribute__((enum_extensibility(closed))) copenssl_result {
    COPENSSL_DONE __attribute__((swift_name("done"))),
    /// Bytes of the peer are needed, or room in the socket.
    COPENSSL_WAIT __attribute__((swift_name("wait"))),
    /// The peer said that nothing follows.
    COPENSSL_CLOSED __attribute__((swift_name("closed"))),
    /// The socket ended without that.
    COPENSSL_CUT __attribute__((swift_name("cut"))),
    /// `copenssl_first_byte` begins something else.
    COPENSSL_NOT_TLS __attribute__((swift_name("notTls"))),
    /// The peer sent an alert: `copenssl_why`.
    COPENSSL_REFUSED __attribute__((swift_name("refused"))),
    /// We do not take its certificate: `copenssl_why`.
    COPENSSL_UNTRUSTED __attribute__((swift_name("untrusted"))),
    /// `copenssl_errno`.
    COPENSSL_SYSTEM __attribute__((swift_name("system"))),
    /// `copenssl_why`.
    COPENSSL_FAULT __attribute__((swift_name("fault"))),
};

// MARK: Contexts, from PEM in memory. NULL: `outcome` and perhaps `why` say it; `why` is never freed.

copenssl_context *copenssl_server_context(
    const void *certificate, size_t certificate_count, const void *key, size_t key_count,
    enum copenssl_setup *outcome, const char **why);
/// Trusts the given authorities, or the system's if there are none given.
copenssl_context *copenssl_client_context(
    const void *authorities, size_t authorities_count, bool verifies,
    enum copenssl_setup *outcome, const char **why);
void copenssl_context_free(copenssl_context *context);

// MARK: Channels. They keep their context, and borrow the descriptor. NULL: no memory.

copenssl_channel *copenssl_accept(copenssl_context *context, int descriptor);
/// The peer has to be `host`, by a name, which it is told then, or by an address.
copenssl_channel *copenssl_connect(
    copenssl_context *context, int descriptor, const char *host, bool is_address);
void copenssl_channel_free(copenssl_channel *channel);

enum copenssl_result copenssl_handshake(copenssl_channel *channel);
/// How much reads may take from the socket until it is said anew, so that records that are dear and
/// give no byte keep nobody. When it is used up, a read waits; the socket still says that it has more.
void copenssl_allow(copenssl_channel *channel, size_t count);
enum copenssl_result copenssl_read(
    copenssl_channel *channel, void *bytes, size_t room, size_t *count);
/// One record: at most 16 KiB, and all of it is taken.
enum copenssl_result copenssl_write(copenssl_channel *channel, const void *bytes, size_t count);
/// Tells the peer that nothing follows.
void copenssl_shutdown(copenssl_channel *channel);
enum copenssl_result copenssl_flush(copenssl_channel *channel);

/// Bytes that were read from the socket and not by `copenssl_read`.
bool copenssl_has_unread(const copenssl_channel *channel);
/// Bytes that wait for `copenssl_flush`.
size_t copenssl_unsent(const copenssl_channel *channel);

// MARK: Why, and with whom

/// -1 before it came.
int copenssl_first_byte(const copenssl_channel *channel);
int copenssl_errno(const copenssl_channel *channel);
const char *copenssl_why(const copenssl_channel *channel);
const char *copenssl_version(const copenssl_channel *channel);
const char *copenssl_cipher(const copenssl_channel *channel);
/// Why the peer's certificate would not be taken; NULL if it would.
const char *copenssl_doubt(const copenssl_channel *channel);

struct copenssl_certificate {
    char subject[512];
    char issuer[512];
    /// Names and addresses it is good for, separated by spaces.
    char names[1024];
    /// Seconds since 1970.
    int64_t not_before;
    int64_t not_after;
};
/// False: a client's context has none.
bool copenssl_own_certificate(
    const copenssl_context *context, struct copenssl_certificate *certificate);
/// False: the peer showed none.
bool copenssl_peer_certificate(
    const copenssl_channel *channel, struct copenssl_certificate *certificate);
