#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

int cposix_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int poller, int operation, int descriptor, uint64_t token, uint32_t interest) {
    struct epoll_event event = {.events = 0, .data = {.u64 = token}};
    if (interest & CPOSIX_READABLE) event.events |= EPOLLIN;
    if (interest & CPOSIX_WRITABLE) event.events |= EPOLLOUT;
    if (interest & CPOSIX_EDGE) event.events |= EPOLLET;
    if (interest & CPOSIX_PEER_CLOSED) event.events |= EPOLLRDHUP;
    if (interest & CPOSIX_EXCLUSIVE) event.events |= EPOLLEXCLUSIVE;
    return epoll_ctl(poller, operation, descriptor, &event);
}

int cposix_epoll_add(int poller, int descriptor, uint64_t token, uint32_t interest) {
    return control(poller, EPOLL_CTL_ADD, descriptor, token, interest);
}

int cposix_epoll_modify(int poller, int descriptor, uint64_t token, uint32_t interest) {
    return control(poller, EPOLL_CTL_MOD, descriptor, token, interest);
}

int cposix_epoll_remove(int poller, int descriptor) {
    return epoll_ctl(poller, EPOLL_CTL_DEL, descriptor, NULL);
}

/// epoll_pwait2 counts in nanoseconds; kernels before 5.11 lack it and count in milliseconds, which
/// are rounded up so that a deadline has passed when the wait ends.
static int wait_for_events(int poller, struct epoll_event *events, int count, int64_t nanoseconds) {
    struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    int found = epoll_pwait2(poller, events, count, nanoseconds < 0 ? NULL : &time, NULL);
    if (found != -1 || (errno != ENOSYS && errno != EPERM)) return found;
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    int timeout = nanoseconds < 0 ? -1 : milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
    return epoll_wait(poller, events, count, timeout);
}

int cposix_epoll_wait(
    int poller, struct cposix_poll_event *events, int count, int64_t nanoseconds) {
    struct epoll_event kernel[CPOSIX_POLL_EVENTS_MAXIMUM];
    if (count > CPOSIX_POLL_EVENTS_MAXIMUM) count = CPOSIX_POLL_EVENTS_MAXIMUM;
    int found = wait_for_events(poller, kernel, count, nanoseconds);
    for (int index = 0; index < found; index++) {
        uint32_t is = kernel[index].events, flags = 0;
        if (is & EPOLLIN) flags |= CPOSIX_READABLE;
        if (is & EPOLLOUT) flags |= CPOSIX_WRITABLE;
        if (is & EPOLLRDHUP) flags |= CPOSIX_PEER_CLOSED;
        if (is & EPOLLHUP) flags |= CPOSIX_HANGUP;
        if (is & EPOLLERR) flags |= CPOSIX_ERROR;
        events[index].token = kernel[index].data.u64;
        events[index].flags = flags;
    }
    return found;
}

int cposix_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
