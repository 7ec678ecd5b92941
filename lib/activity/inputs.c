#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "activity/inputs.h"
#include "files.h"
#include "rows.h"
#include "util.h"

const cJSON *
input_member(const struct input *in, const char *key)
{
	const cJSON *c = cJSON_GetObjectItemCaseSensitive(in->json, key);

	return cJSON_IsNull(c) ? NULL : c;
}

static _Noreturn void
bad(const struct input *in, const char *key, const char *problem)
{
	die("%s: inputs.%s.%s is not %s", in->config, in->json->string, key,
	    problem);
}

const char *
input_text(const struct input *in, const char *key, const char *otherwise)
{
	const cJSON *c = input_member(in, key);

	if (c && !cJSON_IsString(c))
		bad(in, key, "a text");
	return c ? c->valuestring : otherwise;
}

static bool
is_one_of(const char *s, const char *const *words)
{
	while (s && *words && strcmp(s, *words) != 0)
		words++;
	return s && *words;
}

/* Files are under BMTK's names for them, or any key that ends in _file. */
static const cJSON *
find_files(const struct input *in)
{
	static const char *const keys[] = {"input_file", "file", "rates"};
	const cJSON *c;
	size_t k;

	for (k = 0; k < LEN(keys); k++)
		if ((c = input_member(in, keys[k])))
			return c;
	for (c = json_first(in->json); c; c = c->next) {
		size_t n = strlen(c->string);

		if (n > 5 && !strcmp(c->string + n - 5, "_file") &&
		    !cJSON_IsNull(c))
			return c;
	}
	return NULL;
}

const char **
input_files(const struct input *in, size_t *n)
{
	const cJSON *files = find_files(in), *c;
	int listed = cJSON_IsArray(files) ? cJSON_GetArraySize(files) : 0;
	const char **file = zeros((size_t)listed + 1, sizeof *file);

	if (listed == 0)
		file[0] = cJSON_GetStringValue(files);
	if (file[0] && !*file[0])
		file[0] = NULL;
	*n = listed == 0;
	for (c = listed ? files->child : NULL; c; c = c->next) {
		if (!cJSON_IsString(c))
			bad(in, files->string, "a list of texts");
		file[(*n)++] = c->valuestring;
	}
	return file;
}

void
input_set_file(const struct input *in, size_t i, const char *path)
{
	cJSON *files = cJSON_GetObjectItemCaseSensitive(in->json,
							find_files(in)->string);

	if (cJSON_IsArray(files))
		files = cJSON_GetArrayItem(files, (int)i);
	cJSON_SetValuestring(files, path);
}

bool
input_is_spikes(const struct input *in)
{
	const char *type = input_text(in, "input_type", NULL);

	return type && !strcmp(type, "spikes");
}

bool
input_has_spikes(const struct input *in)
{
	static const char *const modules[] = {"h5",  "hdf5",           "sonata",
					      "csv", "synapse_replay", NULL};

	return input_is_spikes(in) &&
	       is_one_of(input_text(in, "module", NULL), modules);
}

/* Read a number or a list of numbers, either of which BMTK allows; returns how
 * many there are. */
static size_t
read_numbers(const struct input *in, const char *key, double **v)
{
	const cJSON *c = input_member(in, key), *item;
	size_t n = 0, cap = 0;

	*v = NULL;
	if (!c)
		return 0;
	for (item = cJSON_IsArray(c) ? c->child : c; item; item = item->next) {
		if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
			bad(in, key, "a number, or a list of them");
		*v = grow(*v, &cap, n + 1, sizeof **v);
		(*v)[n++] = item->valuedouble;
		if (item == c)
			break;
	}
	return n;
}

static struct input_pulse *
config_pulses(const struct input *in, size_t *n)
{
	const char *const key[] = {input_member(in, "amp") ? "amp"
							   : "amp_start",
				   "delay", "duration"};
	size_t k, i, have[LEN(key)];
	double *v[LEN(key)];
	struct input_pulse *p;

	*n = 0;
	for (k = 0; k < LEN(key); k++) {
		have[k] = read_numbers(in, key[k], &v[k]);
		*n = have[k] > *n ? have[k] : *n;
	}
	for (k = 0; k < LEN(key); k++)
		if (have[k] != *n && input_member(in, key[k]))
			die("%s: inputs.%s: %s has %zu values where another "
			    "has %zu",
			    in->config, in->json->string, key[k], have[k], *n);
	p = zeros(*n, sizeof *p);
	for (i = 0; i < *n; i++)
		p[i] = (struct input_pulse){v[0] ? v[0][i] : NAN,
					    v[1] ? v[1][i] : NAN,
					    v[2] ? v[2][i] : NAN};
	for (k = 0; k < LEN(key); k++)
		free(v[k]);
	return p;
}

static struct input_pulse *
file_pulses(const struct input *in, const char *path, size_t *n)
{
	struct input_pulse *p = NULL;
	size_t when, what, cap = 0;
	double from = NAN, time, amp;
	struct rows t;

	files_check(path);
	rows_open(&t, path);
	rows_loosen(&t, input_text(in, "separator", " \t,"));
	when = rows_column(&t,
			   input_text(in, "timestamps_column", "timestamps"));
	what = rows_column(&t, input_text(in, "amplitudes_column", "amps"));
	*n = 0;
	while (rows_next(&t)) {
		time = rows_finite(&t, when);
		if (time < from)
			rows_bad(&t, when, "before the one above it");
		if (p && isnan(p[*n - 1].duration_ms))
			p[*n - 1].duration_ms = time - from;
		from = time;
		amp = rows_finite(&t, what);
		if (amp != 0) {
			p = grow(p, &cap, *n + 1, sizeof *p);
			p[(*n)++] = (struct input_pulse){amp, time, NAN};
		}
	}
	rows_close(&t);
	return p;
}

bool
input_of_nest(const struct config *c)
{
	char *simulator = config_text(c, "target_simulator");
	bool nest = simulator && !strcasecmp(simulator, "NEST");

	free(simulator);
	return nest;
}

/* How many of the input's unit are a nanoampere; NaN if it is none of current.
 */
static double
units_in_nA(const struct input *in)
{
	static const struct {
		const char *name;
		double in_nA;
	} units[] = {{"nA", 1},
		     {"pA", 1e3},
		     {"uA", 1e-3},
		     {"mA", 1e-6},
		     {"A", 1e-9}};
	const char *said = input_text(in, "units", in->in_pA ? "pA" : "nA");
	size_t i;

	for (i = 0; i < LEN(units); i++)
		if (!strcmp(said, units[i].name))
			return units[i].in_nA;
	return NAN;
}

bool
input_has_trace(const struct input *in)
{
	static const char *const types[] = {"csv", "file", NULL};
	const char *module = input_text(in, "module", NULL);

	return module && !strcmp(module, "IClamp") &&
	       is_one_of(input_text(in, "input_type", NULL), types);
}

struct input_pulse *
input_pulses(const struct input *in, const char *file, size_t *n)
{
	struct input_pulse *p = file && input_has_trace(in)
					? file_pulses(in, file, n)
					: config_pulses(in, n);
	double unit;
	bool any = false;
	size_t i;

	for (i = 0; i < *n; i++)
		any = any || !isnan(p[i].amp_nA);
	if (!any) /* the units, if any, are of something else */
		return p;
	unit = units_in_nA(in);
	for (i = 0; i < *n; i++)
		p[i].amp_nA /= unit;
	if (isnan(unit))
		warn("%s: inputs.%s.units is not a unit of current, so amp_nA "
		     "is left empty: '%s'",
		     in->config, in->json->string, input_text(in, "units", ""));
	return p;
}
