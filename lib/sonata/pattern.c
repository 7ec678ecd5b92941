#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/pattern.h"
#include "util.h"

/* A label takes tens of steps, or hundreds.  A million take some 20 ms, and
 * what needs more mostly needs 2^n. */
#define MAX_STEPS 1000000
#define MAX_MEMORY 65536 /* kB for one match */

#define OPTIONS                                                                \
	(PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |                    \
	 PCRE2_ALLOW_EMPTY_CLASS | PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C)

struct pattern {
	char *text;
	pcre2_code *characters; /* NULL: the pattern is not UTF-8 */
	pcre2_code *bytes;      /* NULL: not needed so far, or it is none */
	bool tried_bytes;
	pcre2_match_context *limits;
};

static bool
is_utf_error(int code)
{
	return code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21;
}

static pcre2_code *
compile(const char *s, uint32_t options, int *code, size_t *at)
{
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);
	pcre2_code *made;

	if (!c)
		die("out of memory");
	pcre2_set_newline(c, PCRE2_NEWLINE_ANYCRLF);
	pcre2_set_compile_extra_options(c, PCRE2_EXTRA_ALT_BSUX);
	made = pcre2_compile((PCRE2_SPTR)s, PCRE2_ZERO_TERMINATED,
			     OPTIONS | options, code, at, c);
	pcre2_compile_context_free(c);
	return made;
}

static char *
fault(const char *s, int code, size_t at)
{
	char text[256] = "";

	pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
	return format("not a regular expression: byte %zu: %s: '%s'", at + 1,
		      text, s);
}

struct pattern *
pattern_new(const char *s, char **why)
{
	struct pattern *p = zeros(1, sizeof *p);
	int code;
	size_t at;

	p->characters = compile(s, PCRE2_UTF, &code, &at);
	p->tried_bytes = !p->characters && is_utf_error(code);
	if (p->tried_bytes)
		p->bytes = compile(s, PCRE2_NEVER_UTF, &code, &at);
	if (!p->characters && !p->bytes) {
		*why = fault(s, code, at);
		free(p);
		return NULL;
	}
	p->text = copy(s);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->limits)
		die("out of memory");
	pcre2_set_match_limit(p->limits, MAX_STEPS);
	pcre2_set_heap_limit(p->limits, MAX_MEMORY);
	return p;
}

/* PCRE2's answer: negative if it does not match. */
static int
match(const struct pattern *p, const pcre2_code *code, const char *s)
{
	pcre2_match_data *data;
	int result;

	if (!code)
		return PCRE2_ERROR_NOMATCH;
	data = pcre2_match_data_create(1, NULL);
	if (!data)
		die("out of memory");
	result = pcre2_match(code, (PCRE2_SPTR)s, PCRE2_ZERO_TERMINATED, 0, 0,
			     data, p->limits);
	pcre2_match_data_free(data);
	return result;
}

bool
pattern_fits(struct pattern *p, const char *s, const char *place)
{
	int code, result = PCRE2_ERROR_UTF8_ERR1;
	size_t at;

	if (p->characters)
		result = match(p, p->characters, s);
	if (is_utf_error(result)) {
		if (!p->tried_bytes)
			p->bytes =
				compile(p->text, PCRE2_NEVER_UTF, &code, &at);
		p->tried_bytes = true;
		result = match(p, p->bytes, s);
	}
	if (result < 0 && result != PCRE2_ERROR_NOMATCH)
		die("%s: too many ways to match '%s': simplify the regular "
		    "expression '%s'",
		    place, s, p->text);
	return result >= 0;
}

void
pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->characters);
	pcre2_code_free(p->bytes);
	pcre2_match_context_free(p->limits);
	free(p->text);
	free(p);
}
