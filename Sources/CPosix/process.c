#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

const char *cposix_error_text(int error) { return strerrordesc_np(error); }

int cposix_window_size(int descriptor, int *columns, int *rows) {
    struct winsize size = {0};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int cposix_set_window_size(int descriptor, int columns, int rows) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(descriptor, TIOCSWINSZ, &size);
}

int cposix_open_pseudo_terminal(
    int *controller, int *terminal, int columns, int rows, char *path, size_t path_bytes) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    char name[64];
    if (openpty(controller, terminal, name, NULL, &size) != 0) return -1;
    strncpy(path, name, path_bytes - 1);
    path[path_bytes - 1] = 0;
    return 0;
}

uint64_t cposix_process_cpu_nanoseconds(void) {
    struct timespec time = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int cposix_descriptor_limit(uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

int cposix_set_descriptor_limit(uint64_t soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    limit.rlim_cur = soft;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

int cposix_readable_bytes(int descriptor, int *count) { return ioctl(descriptor, FIONREAD, count); }

int cposix_lock_file(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

int cposix_rename_new(const char *path, const char *new_path) {
    if (renameat2(AT_FDCWD, path, AT_FDCWD, new_path, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    // Some file systems of the network do not know the flag; a second name is as exclusive.
    if (link(path, new_path) == 0) return unlink(path);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return -1;
    // Without links either, as FAT: all that is left is to look first.
    if (access(new_path, F_OK) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(path, new_path);
}
