// build: cc -O2 -o churnfloor churnfloor.c
//
// churnfloor - the cost of connections that play and go, on bare sockets: accept, four answers that
// are always the same, close.  No parsing beyond what tells the steps apart, no state but a number.
// It is the floor a server on this machine can approach but not go under with the same calls.
//
//   churnfloor PORT SECONDS [cpu]        then: rtmpload churn rtmp://127.0.0.1:PORT/live/a
//
// Prints the connections that played and the CPU microseconds of one.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FDS = 65536, HELLO = 1537 };
static struct {
    int step, seen;
} conns[FDS];
static unsigned char buffer[65536], answer[8192];

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static void die(const char *what) { perror(what), exit(1); }

static size_t message(unsigned char *to, int csid, int type, int stream, const void *body, size_t n) {
    unsigned char head[12] = {(unsigned char)csid, 0, 0, 0, 0, (unsigned char)(n >> 8), (unsigned char)n,
                              (unsigned char)type, (unsigned char)stream};
    memcpy(to, head, 12), memcpy(to + 12, body, n);
    return 12 + n;
}
static size_t text(unsigned char *to, const char *s) {
    size_t n = strlen(s);
    to[0] = 2, to[1] = 0, to[2] = (unsigned char)n, memcpy(to + 3, s, n);
    return 3 + n;
}
// An object of one property, `code`, as the second value.
static size_t status(unsigned char *to, const char *command, const unsigned char number[9], const char *code) {
    size_t n = text(to, command);
    memcpy(to + n, number, 9), n += 9;
    to[n++] = 5, to[n++] = 3, to[n++] = 0, to[n++] = 4, memcpy(to + n, "code", 4), n += 4;
    n += text(to + n, code);
    memcpy(to + n, "\0\0\11", 3);
    return n + 3;
}

// The answer to what came, if the step is complete.
static size_t respond(int fd, size_t count) {
    static const unsigned char zero[9];
    unsigned char body[512], *at;
    size_t n;
    conns[fd].seen += (int)count;
    switch (conns[fd].step) {
    case 0:
        if (conns[fd].seen < HELLO) return 0;
        answer[0] = 3, memset(answer + 1, 0, 8), memcpy(answer + HELLO, buffer + 1, HELLO - 1);
        n = 2 * HELLO - 1;
        break;
    case 1:
        if (!memmem(buffer, count, "connect", 7)) return 0;
        n = message(answer, 2, 5, 0, "\0\46\45\240", 4);
        n += message(answer + n, 2, 6, 0, "\0\46\45\240\2", 5);
        n += message(answer + n, 3, 20, 0, body,
                     status(body, "_result", (const unsigned char[9]){0, 0x3f, 0xf0}, "NetConnection.Connect.Success"));
        break;
    case 2:
        if (!(at = memmem(buffer, count, "createStream", 12))) return 0;
        n = text(body, "_result");
        memcpy(body + n, at + 12, 9), body[n + 9] = 5, memcpy(body + n + 10, "\0\77\360\0\0\0\0\0\0", 9);
        n = message(answer, 3, 20, 0, body, n + 19);
        break;
    case 3:
        if (!memmem(buffer, count, "play", 4)) return 0;
        n = message(answer, 2, 4, 0, "\0\0\0\0\0\1", 6);
        n += message(answer + n, 5, 20, 1, body, status(body, "onStatus", zero, "NetStream.Play.Start"));
        break;
    default: return 0;
    }
    conns[fd].step++;
    return n;
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: churnfloor PORT SECONDS [cpu]\n"), 2;
    if (argc > 3) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(atoi(argv[3]), &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) die("listen");
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){EPOLLIN, {.fd = listener}});
    double end = seconds(CLOCK_MONOTONIC) + atof(argv[2]);
    long played = 0;
    while (seconds(CLOCK_MONOTONIC) < end) {
        struct epoll_event events[256];
        int count = epoll_wait(poller, events, 256, 100);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0 && fd < FDS) {
                    memset(&conns[fd], 0, sizeof conns[fd]);
                    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){EPOLLIN, {.fd = fd}});
                }
                continue;
            }
            ssize_t got = recv(fd, buffer, sizeof buffer, 0);
            if (got > 0) {
                size_t n = respond(fd, (size_t)got);
                if (n && send(fd, answer, n, MSG_NOSIGNAL) == (ssize_t)n && conns[fd].step == 4) played++;
                // Or the next command of a client that sends without TCP_NODELAY waits for 40 ms.
                else if (!n) setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
            } else if (got == 0 || errno != EAGAIN) {
                close(fd);
            }
        }
    }
    printf("%ld played, %.1f us each\n", played, seconds(CLOCK_PROCESS_CPUTIME_ID) * 1e6 / (double)(played ? played : 1));
}
