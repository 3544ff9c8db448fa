/// What Linux offers and Swift's Glibc module does not show, as plain functions.
///
/// Like the calls they stand for, these return -1 and leave the reason in errno.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Sockets.

// Pointers to the system's own structures are untyped: a header that this one included would be
// taken out of the Glibc module.

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC. `address`: a sockaddr_storage.
int cposix_accept(int descriptor, void *address);
/// sendmsg and send with MSG_NOSIGNAL. `vectors`: an array of iovec.
intptr_t cposix_send_vectors(int descriptor, const void *vectors, size_t count);
intptr_t cposix_send(int descriptor, const void *bytes, size_t count);
/// SIOCINQ and SIOCOUTQ: bytes not yet read, bytes not yet acknowledged.
int cposix_queued_bytes(int descriptor, int *receive, int *send);

/// The figures of TCP_INFO we look at; 0 where the kernel is too old to tell.
struct cposix_tcp_info {
    uint32_t rtt_microseconds;
    uint32_t rtt_variance_microseconds;
    uint32_t minimum_rtt_microseconds;
    uint32_t congestion_window_segments;
    uint32_t segment_size;
    uint32_t unacknowledged_segments;
    uint32_t lost_segments;
    uint32_t not_sent_bytes;
    uint32_t retransmits;
    uint64_t delivery_bytes_per_second;
};
int cposix_tcp_info(int descriptor, struct cposix_tcp_info *info);

// Polling.

enum {
    CPOSIX_READABLE = 1,
    CPOSIX_WRITABLE = 2,
    CPOSIX_EDGE = 4,
    CPOSIX_PEER_CLOSED = 8,
    CPOSIX_HANGUP = 16,
    CPOSIX_ERROR = 32,
    CPOSIX_EXCLUSIVE = 64,
    CPOSIX_POLL_EVENTS_MAXIMUM = 256
};

struct cposix_poll_event {
    uint64_t token;
    uint32_t flags;
};

int cposix_epoll_create(void);
int cposix_epoll_add(int poller, int descriptor, uint64_t token, uint32_t interest);
int cposix_epoll_modify(int poller, int descriptor, uint64_t token, uint32_t interest);
int cposix_epoll_remove(int poller, int descriptor);
/// A negative time waits for ever. At most CPOSIX_POLL_EVENTS_MAXIMUM events a call.
int cposix_epoll_wait(
    int poller, struct cposix_poll_event *events, int count, int64_t nanoseconds);
int cposix_eventfd(void);

// Threads and signals.

/// Starts a thread with every signal blocked that is not raised by a fault of its own, and with an
/// alternate signal stack, so that a crash handler runs even after its stack overflowed.
///
/// Returns 0 or an error number, as pthread_create does. `name` is cut to 15 bytes.
int cposix_thread_start(
    uintptr_t *thread, const char *name, size_t stack_bytes, void (*body)(void *), void *argument);
int cposix_thread_join(uintptr_t thread);
int cposix_thread_detach(uintptr_t thread);
int cposix_thread_signal(uintptr_t thread, int signal);
void cposix_thread_set_name(const char *name);
/// Blocks the given signals in the calling thread, and in those it starts from now on.
int cposix_signals_block(const int *signals, size_t count);
void cposix_signal_ignore(int signal);
/// A descriptor that becomes readable when one of the signals is pending; they must be blocked.
int cposix_signalfd(const int *signals, size_t count);
/// The next pending signal, or -1 with EAGAIN.
int cposix_signalfd_next(int descriptor);

// Memory.

/// Asks the processor to fetch what will be changed soon; the address need not be valid.
static inline void cposix_prefetch(const void *address) { __builtin_prefetch(address, 1); }

// Process, terminal, files.

/// What the error means, untranslated; NULL for an unknown one.
const char *cposix_error_text(int error);
int cposix_window_size(int descriptor, int *columns, int *rows);
int cposix_set_window_size(int descriptor, int columns, int rows);
/// A pseudo-terminal of the given size: its two ends, and the path of the terminal's own.
int cposix_open_pseudo_terminal(
    int *controller, int *terminal, int columns, int rows, char *path, size_t path_bytes);
uint64_t cposix_process_cpu_nanoseconds(void);
int cposix_descriptor_limit(uint64_t *soft, uint64_t *hard);
int cposix_set_descriptor_limit(uint64_t soft);
/// Takes the file for this process until its last descriptor is closed; -1 with EWOULDBLOCK: another
/// process has it.
int cposix_lock_file(int descriptor);
/// Renames a file unless something of that name is there already (EEXIST).
int cposix_rename_new(const char *path, const char *new_path);
/// Bytes that a read would give at once.
int cposix_readable_bytes(int descriptor, int *count);
