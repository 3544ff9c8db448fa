#define _GNU_SOURCE
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"

#if __has_include(<ncursesw/ncurses.h>)
#include <ncursesw/ncurses.h>
#include <ncursesw/term.h>
#elif __has_include(<ncurses.h>)
#include <ncurses.h>
#include <term.h>
#else
#error "ncursesw was not found: install its development files (Debian: libncurses-dev)"
#endif

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static SCREEN *screen;
static FILE *input, *output;
/// Keys are read through a pad: reading from a window would draw it.
static WINDOW *keys;

void cncurses_set_locale(const char *name) { setlocale(LC_CTYPE, name); }

bool cncurses_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// What a terminal can do.

static struct cncurses_capabilities *collecting;

static int collect(int character) {
    if (collecting->reset_count < sizeof collecting->reset) {
        collecting->reset[collecting->reset_count++] = (uint8_t)character;
    }
    return character;
}

static const char *capability(const char *name) {
    const char *string = tigetstr((char *)name);
    return string == (char *)-1 ? NULL : string;
}

/// Through tputs, which takes out the padding times that terminfo strings may hold.
static void collect_capability(const char *name) {
    const char *string = capability(name);
    if (string) tputs(string, 1, collect);
}

static void collect_text(const char *text) {
    while (*text) collect(*text++);
}

static void collect_reset(struct cncurses_capabilities *capabilities) {
    collecting = capabilities;
    capabilities->reset_count = 0;
    bool is_modern = capabilities->has_alternate_screen;
    if (is_modern) {
        // Synchronized output, mouse, bracketed paste and focus reports off.
        collect_text("\033[?2026l\033[?1006l\033[?1003l\033[?1002l\033[?1000l\033[?2004l\033[?1004l");
    }
    collect_capability("rmkx");
    collect_capability("sgr0");
    collect_capability("op");
    collect_capability("cnorm");
    if (is_modern) collect_text("\033[0 q");
    collect_capability("rmcup");
    collecting = NULL;
}

bool cncurses_capabilities(
    const char *term, int descriptor, struct cncurses_capabilities *capabilities) {
    int error = 0;
    memset(capabilities, 0, sizeof *capabilities);
    if (setupterm((char *)term, descriptor, &error) != OK) return false;
    capabilities->can_draw = capability("cup") && capability("clear") && capability("ed");
    capabilities->has_alternate_screen = capability("smcup") && capability("rmcup");
    int colours = tigetnum("colors");
    capabilities->colours = colours < 0 ? 0 : colours;
    // RGB is a flag, a number of bits or a list of bits, as the entry's author liked.
    capabilities->has_direct_colours =
        colours >= 1 << 24 && (tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || capability("RGB"));
    collect_reset(capabilities);
    del_curterm(cur_term);
    return true;
}

// The screen.

/// What other terminals than the one in TERM send, so that a wrong TERM costs no keys.
static void define_common_keys(void) {
    static const struct {
        const char *bytes;
        int code;
    } common[] = {
        {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
        {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME}, {"\033[F", KEY_END}, {"\033OH", KEY_HOME}, {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[7~", KEY_HOME}, {"\033[8~", KEY_END},
        {"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
        {"\033[Z", KEY_BTAB}, {"\033OM", KEY_ENTER},
        {"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
        {"\033[11~", KEY_F(1)}, {"\033[12~", KEY_F(2)}, {"\033[13~", KEY_F(3)},
        {"\033[14~", KEY_F(4)}, {"\033[15~", KEY_F(5)}, {"\033[17~", KEY_F(6)},
        {"\033[18~", KEY_F(7)}, {"\033[19~", KEY_F(8)}, {"\033[20~", KEY_F(9)},
        {"\033[21~", KEY_F(10)}, {"\033[23~", KEY_F(11)}, {"\033[24~", KEY_F(12)},
    };
    // Reports of the mouse are read byte by byte, in the form we ask for.
    define_key(NULL, KEY_MOUSE);
    for (size_t index = 0; index < sizeof common / sizeof *common; index++) {
        if (key_defined(common[index].bytes) == 0) {
            define_key((char *)common[index].bytes, common[index].code);
        }
    }
}

/// newterm, without the handlers it installs for signals that are ours to deal with.
static SCREEN *open_screen(const char *term) {
    const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGTTOU, SIGWINCH};
    enum { count = sizeof signals / sizeof *signals };
    struct sigaction actions[count];
    for (int index = 0; index < count; index++) sigaction(signals[index], NULL, &actions[index]);
    SCREEN *opened = newterm((char *)term, output, input);
    for (int index = 0; index < count; index++) sigaction(signals[index], &actions[index], NULL);
    return opened;
}

static FILE *duplicate(int descriptor, const char *mode) {
    int copy = dup(descriptor);
    FILE *file = copy == -1 ? NULL : fdopen(copy, mode);
    if (!file && copy != -1) close(copy);
    return file;
}

bool cncurses_open(const char *term, int descriptor, int width, int height) {
    input = duplicate(descriptor, "r");
    output = duplicate(descriptor, "w");
    // The size comes from the terminal alone, not from LINES and COLUMNS.
    use_env(FALSE);
    use_tioctl(TRUE);
    screen = input && output ? open_screen(term) : NULL;
    if (!screen) {
        cncurses_close();
        return false;
    }
    set_escdelay(25);
    raw();
    noecho();
    nonl();
    // Without this ncurses leaves a frame half drawn when a key is waiting.
    typeahead(-1);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    keypad(stdscr, TRUE);
    keys = newpad(1, 1);
    keypad(keys, TRUE);
    nodelay(keys, TRUE);
    define_common_keys();
    cncurses_resize(width, height);
    return true;
}

void cncurses_close(void) {
    if (keys) delwin(keys);
    if (screen) delscreen(screen);
    if (input) fclose(input);
    if (output) fclose(output);
    keys = NULL;
    screen = NULL;
    input = output = NULL;
}

int cncurses_pair(int foreground, int background) {
    if (!has_colors()) return 0;
    int pair = alloc_pair(foreground, background);
    return pair < 0 ? 0 : pair;
}

void cncurses_forget_pairs(void) {
    if (has_colors()) reset_color_pairs();
}

static attr_t attributes_of(uint8_t flags) {
    attr_t attributes = A_NORMAL;
    if (flags & CNCURSES_BOLD) attributes |= A_BOLD;
    if (flags & CNCURSES_DIM) attributes |= A_DIM;
    if (flags & CNCURSES_UNDERLINE) attributes |= A_UNDERLINE;
    if (flags & CNCURSES_REVERSE) attributes |= A_REVERSE;
    if (flags & CNCURSES_ITALIC) attributes |= A_ITALIC;
    return attributes;
}

/// Whether the C library, by whose widths ncurses counts, agrees with the width the cell has.
static bool fits(uint32_t scalar, int width) {
    return iswprint((wint_t)scalar) && wcwidth((wchar_t)scalar) == width;
}

static void put_one(int column, int row, const struct cncurses_cell *cell, wchar_t *text) {
    cchar_t character;
    int pair = cell->pair;
    setcchar(&character, text, attributes_of(cell->attributes), (short)pair, &pair);
    mvadd_wch(row, column, &character);
}

void cncurses_put(int column, int row, const struct cncurses_cell *cells, int count) {
    for (int index = 0; index < count; index++) {
        const struct cncurses_cell *cell = &cells[index];
        if (row >= 0 && row < LINES && column >= 0 && column + cell->width <= COLS) {
            wchar_t text[4] = {L'?', 0, 0, 0};
            if (fits(cell->base, cell->width)) {
                int length = 0;
                text[length++] = (wchar_t)cell->base;
                if (fits(cell->first_mark, 0)) text[length++] = (wchar_t)cell->first_mark;
                if (fits(cell->second_mark, 0)) text[length++] = (wchar_t)cell->second_mark;
            } else if (cell->width == 2) {
                put_one(column + 1, row, cell, text);
            }
            put_one(column, row, cell, text);
        }
        column += cell->width;
    }
}

void cncurses_erase(void) { erase(); }

void cncurses_show(int column, int row) {
    // A terminal that cannot hide its cursor says ERR, and keeps it where it is put.
    curs_set(column < 0 ? 0 : 1);
    move(column < 0 ? 0 : row, column < 0 ? 0 : column);
    refresh();
}

void cncurses_repaint(void) { clearok(curscr, TRUE); }

void cncurses_resize(int width, int height) {
    if (width != COLS || height != LINES) resizeterm(height, width);
}

// Keys.

static int named(int code, uint32_t *value) {
    if (code >= KEY_F(1) && code <= KEY_F(12)) {
        *value = (uint32_t)(code - KEY_F(0));
        return CNCURSES_FUNCTION;
    }
    switch (code) {
    case KEY_UP: return CNCURSES_UP;
    case KEY_DOWN: return CNCURSES_DOWN;
    case KEY_LEFT: return CNCURSES_LEFT;
    case KEY_RIGHT: return CNCURSES_RIGHT;
    case KEY_HOME: case KEY_FIND: case KEY_A1: return CNCURSES_HOME;
    case KEY_END: case KEY_SELECT: case KEY_C1: return CNCURSES_END;
    case KEY_PPAGE: case KEY_A3: return CNCURSES_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return CNCURSES_PAGE_DOWN;
    case KEY_IC: return CNCURSES_INSERT;
    case KEY_DC: return CNCURSES_DELETE;
    case KEY_BACKSPACE: return CNCURSES_BACKSPACE;
    case KEY_ENTER: return CNCURSES_ENTER;
    case KEY_BTAB: return CNCURSES_BACK_TAB;
    default: return CNCURSES_OTHER;
    }
}

int cncurses_key(uint32_t *value) {
    // Not wget_wch, which forgets half a character if the other half is on its way.
    int code = wgetch(keys);
    *value = 0;
    if (code == ERR) return CNCURSES_NOTHING;
    if (code >= KEY_MIN) return named(code, value);
    *value = (uint32_t)code;
    return CNCURSES_BYTE;
}
