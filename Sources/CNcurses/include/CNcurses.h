/// The part of ncursesw we use, as plain functions on the one screen a process has, and the guard
/// that gives the terminal back when the process crashes.
///
/// All of `cncurses_…` belongs to one thread, except `cncurses_guard_restore`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a terminal can do.

struct cncurses_capabilities {
    /// It can move its cursor and clear itself, without which there is no console.
    bool can_draw;
    /// It has a second screen to draw on, as all that descend from xterm have.
    bool has_alternate_screen;
    /// 0 where it has none, at least 1 << 24 where it takes red, green and blue.
    int colours;
    bool has_direct_colours;
    /// What brings it back from everything we may have switched on, in the order of specs.
    uint8_t reset[256];
    size_t reset_count;
};

/// Looks the terminal up in terminfo. False: it is not known there.
bool cncurses_capabilities(
    const char *term, int descriptor, struct cncurses_capabilities *capabilities);

// The screen.

/// Takes the terminal over. False: ncurses could not. The descriptor stays the caller's.
bool cncurses_open(const char *term, int descriptor, int width, int height);
/// Frees the screen and writes nothing: giving the terminal back is the guard's.
void cncurses_close(void);

enum {
    CNCURSES_BOLD = 1,
    CNCURSES_DIM = 2,
    CNCURSES_UNDERLINE = 4,
    CNCURSES_REVERSE = 8,
    CNCURSES_ITALIC = 16
};

struct cncurses_cell {
    uint32_t base;
    /// 0 for none.
    uint32_t first_mark;
    uint32_t second_mark;
    int32_t pair;
    uint8_t attributes;
    /// Cells it takes, 1 or 2. The second cell of a wide one is not given.
    uint8_t width;
};

/// A colour pair, -1 being the terminal's own colour; 0, the plain pair, if there are no more.
int cncurses_pair(int foreground, int background);
void cncurses_forget_pairs(void);
/// What lies outside the screen, or cannot be shown there, is not drawn or drawn as `?`.
void cncurses_put(int column, int row, const struct cncurses_cell *cells, int count);
void cncurses_erase(void);
/// Sends the differences to the terminal; a negative column hides the cursor.
void cncurses_show(int column, int row);
/// Lets the next show send everything.
void cncurses_repaint(void);
void cncurses_resize(int width, int height);

// Keys.

enum {
    CNCURSES_NOTHING = 0,
    /// `value` is a byte: a control character, or of a character in UTF-8.
    CNCURSES_BYTE,
    /// `value` is the number of a function key.
    CNCURSES_FUNCTION,
    CNCURSES_UP,
    CNCURSES_DOWN,
    CNCURSES_LEFT,
    CNCURSES_RIGHT,
    CNCURSES_HOME,
    CNCURSES_END,
    CNCURSES_PAGE_UP,
    CNCURSES_PAGE_DOWN,
    CNCURSES_INSERT,
    CNCURSES_DELETE,
    CNCURSES_BACKSPACE,
    CNCURSES_ENTER,
    CNCURSES_BACK_TAB,
    /// A key we have no name for.
    CNCURSES_OTHER
};

/// The next key that has been pressed; does not wait, beyond the 25 ms a lone escape takes.
int cncurses_key(uint32_t *value);

/// Takes the character set from the environment ("") or the locale named.
void cncurses_set_locale(const char *name);
bool cncurses_is_utf8(void);

// The guard.

/// Saves the modes of the terminal and, from now until it is restored, restores it should the
/// process end or crash. False: the descriptor is no terminal.
///
/// `name` begins the line that a crash leaves behind. One terminal at a time.
bool cncurses_guard_arm(
    int descriptor, const uint8_t *reset, size_t reset_count, const char *name);
/// Writes the reset bytes and restores the modes, once; any thread. False: it was done before.
bool cncurses_guard_restore(void);
/// What has just come out of the captured standard streams, for the line a crash leaves behind,
/// and the pipe in which more of it may lie; -1 for none.
void cncurses_guard_remember(const uint8_t *bytes, size_t count);
void cncurses_guard_watch(int pipe);
