/// Gives the terminal back, whatever way the process ends.
///
/// The theory: everything the handler needs is computed when the guard is armed and lies in static
/// memory; the handler calls async-signal-safe functions only. `armed` is exchanged for false by
/// whoever restores first, so the reset bytes are written once, be it by the orderly way, by
/// exit(3) or by a crash of any thread in the middle of either.
#define _GNU_SOURCE
#include "CNcurses.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct {
    int number;
    const char *name;
} crashes[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"}, {SIGFPE, "SIGFPE"}, {SIGABRT, "SIGABRT"},
    {SIGQUIT, "SIGQUIT"},
};
enum { crash_count = sizeof crashes / sizeof *crashes };

static atomic_bool armed;
static int terminal = -1;
static struct termios modes;
static uint8_t reset[256];
static size_t reset_count;
static char program[64];
/// What stood there before us: the Swift runtime's backtracer, a sanitizer, or the default.
static struct sigaction before[crash_count];

/// The last words of the captured streams: a trap of the language prints its reason there, and the
/// thread that reads them may have been quicker than the trap.
static atomic_int words_pipe = -1;
static uint8_t words[2048];
static atomic_size_t words_count;
static _Atomic int64_t words_at;

static int64_t milliseconds(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void write_all(const void *bytes, size_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = write(terminal, rest, count);
        // Interrupted or failed: the next byte decides, and a terminal that is gone ends the loop.
        if (written <= 0) return;
        rest += written;
        count -= (size_t)written;
    }
}

static void write_text(const char *text) { write_all(text, strlen(text)); }

bool cncurses_guard_restore(void) {
    if (!atomic_exchange(&armed, false)) return false;
    write_all(reset, reset_count);
    // Not TCSADRAIN: a terminal that does not read would hold us for ever.
    tcsetattr(terminal, TCSANOW, &modes);
    return true;
}

static void restore_at_exit(void) { cncurses_guard_restore(); }

/// Printable bytes and newlines only: it is not we who wrote this.
static void write_printable(uint8_t *bytes, size_t count) {
    for (size_t index = 0; index < count; index++) {
        bool is_control = bytes[index] < 32 && bytes[index] != '\n' && bytes[index] != '\t';
        if (is_control || bytes[index] == 127) bytes[index] = '?';
    }
    write_all(bytes, count);
    if (count > 0 && bytes[count - 1] != '\n') write_text("\n");
}

static void write_last_words(void) {
    if (milliseconds() - atomic_load(&words_at) < 500) {
        write_printable(words, atomic_load(&words_count));
    }
    int pipe = atomic_load(&words_pipe);
    uint8_t rest[1024];
    ssize_t count;
    // The pipe is non-blocking, so this ends where its content does.
    while (pipe != -1 && (count = read(pipe, rest, sizeof rest)) > 0) {
        write_printable(rest, (size_t)count);
    }
}

static void crashed(int number, siginfo_t *info, void *context) {
    (void)context;
    int index = 0;
    while (index < crash_count - 1 && crashes[index].number != number) index++;
    // Not handed on to the Swift runtime's backtracer while there is a console: it would ask for a key
    // on the terminal just given back, and keep the dead process alive until it got one.
    struct sigaction after = {.sa_handler = SIG_DFL};
    if (!atomic_load(&armed)) {
        after = before[index];
    } else {
        // A terminal that does not read must not keep the process from dying.
        fcntl(terminal, F_SETFL, fcntl(terminal, F_GETFL) | O_NONBLOCK);
        if (cncurses_guard_restore()) {
            write_text(program);
            write_text(": ended by ");
            write_text(crashes[index].name);
            write_text("\n");
            write_last_words();
        }
    }
    sigaction(number, &after, NULL);
    // A fault happens again when we return, now without us, and the core shows its
    // place. A signal that was sent, or SIGTRAP, which may stand behind its instruction, does not.
    bool repeats = info->si_code > 0 && number != SIGTRAP && number != SIGABRT;
    if (!repeats) raise(number);
}

static void install_handlers(void) {
    static bool is_installed;
    static char stack[64 * 1024];
    if (is_installed) return;
    is_installed = true;
    atexit(restore_at_exit);
    // Other threads of ours bring an alternate stack from their start; so may a sanitizer.
    stack_t present = {0}, ours = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(NULL, &present);
    if (present.ss_flags & SS_DISABLE) sigaltstack(&ours, NULL);
    for (int index = 0; index < crash_count; index++) {
        struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(crashes[index].number, &action, &before[index]);
    }
}

bool cncurses_guard_arm(
    int descriptor, const uint8_t *bytes, size_t count, const char *name) {
    if (tcgetattr(descriptor, &modes) != 0 || count > sizeof reset) return false;
    terminal = descriptor;
    memcpy(reset, bytes, count);
    reset_count = count;
    strncpy(program, name, sizeof program - 1);
    install_handlers();
    atomic_store(&armed, true);
    return true;
}

void cncurses_guard_remember(const uint8_t *bytes, size_t count) {
    size_t kept = count < sizeof words ? count : sizeof words;
    atomic_store(&words_count, 0);
    memcpy(words, bytes + count - kept, kept);
    atomic_store(&words_count, kept);
    atomic_store(&words_at, milliseconds());
}

void cncurses_guard_watch(int pipe) { atomic_store(&words_pipe, pipe); }
