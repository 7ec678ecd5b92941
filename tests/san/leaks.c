/* leaks -- ask the leak checker when a program ends
 *
 * It is linked to every program that is built with SAN=1. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sanitizer/lsan_interface.h>

#include "sonata/config.h"
#include "sonata/sonata.h"
#include "sonata/variant.h"
#include "util.h"

/* What stays until a tool ends, on purpose: a config with its JSON and paths, a
 * network, an open population.  Were these functions in tests/leaks.supp, each
 * tool that reads a config would start llvm-symbolizer for the names in stacks:
 * 126 ms of a processor instead of 54.  The linker puts __wrap_NAME in place of
 * NAME; a program that does not call NAME has neither. */
#define STAYS(name, type, parameters, arguments)                               \
	__attribute__((weak)) type __real_##name parameters;                   \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		type made;                                                     \
                                                                               \
		__lsan_disable();                                              \
		made = __real_##name arguments;                                \
		__lsan_enable();                                               \
		return made;                                                   \
	}

typedef const struct config *config;
typedef const struct config_part *parts;
typedef const struct config_set *sets;
typedef struct sonata_population *population, **populations;
typedef struct sonata_network *network;
typedef const struct sonata_ref *ref;
typedef const struct opt_list *list;
typedef const char *text, **texts;
typedef const cJSON *json;
typedef struct variant *variant;
typedef enum sonata_sort sort;

STAYS(config_read, config, (text path), (path))
STAYS(config_parts, parts, (config c, text what, size_t *n), (c, what, n))
STAYS(config_node_sets, sets, (config c, size_t *n), (c, n))
STAYS(config_node_set, sets, (config c, text name), (c, name))
STAYS(config_inputs, json, (config c), (c))
STAYS(config_reports, json, (config c), (c))
STAYS(config_output, char *, (config c, text key), (c, key))
STAYS(config_report, char *, (config c, json report), (c, report))
STAYS(config_files, texts, (config c, size_t *n), (c, n))
STAYS(sonata_open_network, network, (text path, text option, text types),
      (path, option, types))
STAYS(sonata_refs, size_t, (network net, sort of), (net, of))
STAYS(sonata_find, ref, (network net, sort of, text name), (net, of, name))
STAYS(sonata_open, population, (ref r), (r))
STAYS(sonata_open_all, populations,
      (network net, sort of, list names, bool all, size_t *n),
      (net, of, names, all, n))
STAYS(variant_new, variant, (text config, text output, text folder),
      (config, output, folder))
STAYS(variant_json, cJSON *, (variant v, text name, texts path),
      (v, name, path))
STAYS(variant_copy, cJSON *, (variant v), (v))

/* A tool that fails ends where it is; one that worked has given all back.  The
 * checker crashes by itself now and then where NEURON's library is loaded, and
 * always under strace: it is asked in a child, and heard if it has found a
 * leak. */
static void
check_leaks(int status, void *unused)
{
	int said = status == WORKED ? memfd_create("said", MFD_CLOEXEC) : -1;
	int ended = 0;
	static char
		text[65536]; /* on the stack, old pointers would lie in it */
	ssize_t n;
	pid_t child;

	(void)unused;
	if (said < 0)
		return;
	child = fork();
	if (child == 0) {
		dup2(said, STDERR_FILENO);
		_exit(__lsan_do_recoverable_leak_check() ? MISUSED : WORKED);
	}
	if (child < 0 || waitpid(child, &ended, 0) != child ||
	    !WIFEXITED(ended) || WEXITSTATUS(ended) != MISUSED)
		return;
	n = pread(said, text, sizeof text, 0);
	fflush(stdout);
	fprintf(stderr, "%.*s", n > 0 ? (int)n : 0, text);
	fprintf(stderr, "it has leaked\n");
	_exit(FAILED);
}

/* Before main: what is registered first is called last. */
__attribute__((constructor)) static void
watch_leaks(void)
{
	on_exit(check_leaks, NULL);
}
