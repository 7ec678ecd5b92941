/* util.h -- what every tool needs: complaints, memory, numbers */
#ifndef UTIL_H
#define UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEN(a) (sizeof(a) / sizeof *(a))

/* A file as a text in the program, "extern const char name[]", which the
 * assembler looks for. */
#define EMBED(name, file)                                                      \
	__asm__(".section .rodata\n" #name ":\n.incbin \"" file "\"\n"         \
		".byte 0\n.previous\n")

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* How a tool ends: it worked, its input or its output failed it, or it was
 * called wrongly.  sysexits has more; no caller ever tells them apart. */
enum { WORKED = 0, FAILED = 1, MISUSED = 2 };
extern int failure; /* FAILED, but for who says by that that files differ */

extern const char *progname;

/* Complain on standard error as "progname: message", in one line whatever
 * stands in it.  As in perror(3), a message that ends in a colon is followed by
 * the reason errno gives. */
void warn(const char *fmt, ...) PRINTF(1, 2);
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

/* What die() does after it has complained: call what at_failure() was given, to
 * take back what is half done, and end the tool. */
void at_failure(void (*f)(void));
_Noreturn void end_badly(void);

/* The same for a signal that was held back: that signal ends the tool. */
_Noreturn void end_by_signal(int sig);

/* Memory; the tool ends if there is none. What is new in it is zero. */
void *zeros(size_t n, size_t size);
void *grow(void *p, size_t *cap, size_t n, size_t size); /* *cap to >= n */
char *copy(const char *s);
char *format(const char *fmt, ...) PRINTF(1, 2); /* sprintf into new memory */
char *vformat(const char *fmt, va_list ap) PRINTF(1, 0);

/* Texts with commas between them, for a message: list, which is NULL at first
 * and is freed, and one more, or "..." when there are enough. */
char *join(char *list, const char *next);

/* Read all of s as a number; false if it is not one or does not fit. */
bool parse_int(const char *s, int64_t *v);
bool parse_num(const char *s, double *v);
bool parse_size(const char *s, size_t *v); /* bytes: "64M", "1.5G" */
bool parse_flag(const char *s, bool *v);   /* true, false, 1, 0; "" is false */

/* What SONATA's text files have for "no value". */
bool is_missing(const char *s);

#endif
