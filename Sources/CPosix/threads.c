#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { name_bytes = 16, alternate_stack_bytes = 64 * 1024 };

struct start {
    char name[name_bytes];
    void (*body)(void *);
    void *argument;
};

static void copy_name(char *to, const char *from) {
    strncpy(to, from, name_bytes - 1);
    to[name_bytes - 1] = 0;
}

static void *run(void *opaque) {
    struct start start = *(struct start *)opaque;
    free(opaque);
    pthread_setname_np(pthread_self(), start.name);

    // The address sanitizer brings a stack of its own; then ours must not replace it.
    stack_t present = {0}, ours = {0};
    sigaltstack(NULL, &present);
    if (present.ss_flags & SS_DISABLE) {
        ours.ss_sp = malloc(alternate_stack_bytes);
        ours.ss_size = alternate_stack_bytes;
        if (ours.ss_sp) sigaltstack(&ours, NULL);
    }

    start.body(start.argument);

    if (ours.ss_sp) {
        stack_t none = {.ss_flags = SS_DISABLE};
        sigaltstack(&none, NULL);
        free(ours.ss_sp);
    }
    return NULL;
}

int cposix_thread_start(
    uintptr_t *thread, const char *name, size_t stack_bytes, void (*body)(void *), void *argument) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    copy_name(start->name, name);
    start->body = body;
    start->argument = argument;

    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        sigset_t blocked, before;
        sigfillset(&blocked);
        const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS, SIGPROF};
        for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) {
            sigdelset(&blocked, faults[index]);
        }
        if (stack_bytes != 0) error = pthread_attr_setstacksize(&attributes, stack_bytes);
        if (error == 0) {
            pthread_t created;
            pthread_sigmask(SIG_SETMASK, &blocked, &before);
            error = pthread_create(&created, &attributes, run, start);
            pthread_sigmask(SIG_SETMASK, &before, NULL);
            if (error == 0) *thread = (uintptr_t)created;
        }
        pthread_attr_destroy(&attributes);
    }
    if (error != 0) free(start);
    return error;
}

int cposix_thread_join(uintptr_t thread) { return pthread_join((pthread_t)thread, NULL); }

int cposix_thread_detach(uintptr_t thread) { return pthread_detach((pthread_t)thread); }

int cposix_thread_signal(uintptr_t thread, int signal) {
    return pthread_kill((pthread_t)thread, signal);
}

void cposix_thread_set_name(const char *name) {
    char cut[name_bytes];
    copy_name(cut, name);
    pthread_setname_np(pthread_self(), cut);
}

static void fill(sigset_t *set, const int *signals, size_t count) {
    sigemptyset(set);
    for (size_t index = 0; index < count; index++) sigaddset(set, signals[index]);
}

int cposix_signals_block(const int *signals, size_t count) {
    sigset_t set;
    fill(&set, signals, count);
    return pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void cposix_signal_ignore(int number) { signal(number, SIG_IGN); }

int cposix_signalfd(const int *signals, size_t count) {
    sigset_t set;
    fill(&set, signals, count);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int cposix_signalfd_next(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    return count == sizeof info ? (int)info.ssi_signo : -1;
}
