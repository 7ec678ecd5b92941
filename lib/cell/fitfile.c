/* Formats: AllenSDK's allensdk/model/biophysical/utils.py, and BMTK's
 * bmtk/simulator/bionet/default_setters/cell_models.py, say what is read from
 * such a file, and in which order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/fitfile.h"
#include "cell/nrn.h"
#include "files.h"
#include "sonata/json.h"
#include "util.h"

#define MAX_FILES_OF_MANIFEST 8

/* The files that together are one description, as AllenSDK merges them. */
struct description {
	const char *path[MAX_FILES_OF_MANIFEST];
	const cJSON *json[MAX_FILES_OF_MANIFEST];
	size_t n;
};

/* Where in a file something is, for complaints. */
struct place {
	const char *path;
	char name[64]; /* "genome[3]" */
};

static _Noreturn void bad_place(const struct place *at, const char *fmt, ...)
	PRINTF(2, 3);

static _Noreturn void
bad_place(const struct place *at, const char *fmt, ...)
{
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = vformat(fmt, ap);
	va_end(ap);
	die("%s: %s: %s", at->path, at->name, what);
}

static _Noreturn void bad_value(const struct place *at, const char *key,
				const char *fmt, ...) PRINTF(3, 4);

static _Noreturn void
bad_value(const struct place *at, const char *key, const char *fmt, ...)
{
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = vformat(fmt, ap);
	va_end(ap);
	die("%s: %s.%s: %s", at->path, at->name, key, what);
}

static const cJSON *
member(const cJSON *json, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(json, key);
}

/* A number, which may be written as a text. */
static double
number_of(const struct place *at, const char *key, const cJSON *v)
{
	double number = NAN;

	if (!v)
		bad_place(at, "no %s", key);
	if (cJSON_IsString(v)) {
		if (!parse_num(v->valuestring, &number) || !isfinite(number))
			bad_value(at, key, "not a number: '%s'",
				  v->valuestring);
		return number;
	}
	if (!cJSON_IsNumber(v) || !isfinite(v->valuedouble))
		bad_value(at, key, "not a number");
	return v->valuedouble;
}

static double
number(const struct place *at, const cJSON *json, const char *key)
{
	return number_of(at, key, member(json, key));
}

static double
number_or_nan(const struct place *at, const cJSON *json, const char *key)
{
	const cJSON *v = member(json, key);

	return v && !cJSON_IsNull(v) ? number_of(at, key, v) : NAN;
}

static const char *
text(const struct place *at, const cJSON *json, const char *key)
{
	const cJSON *v = member(json, key);

	if (!v)
		bad_place(at, "no %s", key);
	if (!cJSON_IsString(v))
		bad_value(at, key, "not a text");
	return v->valuestring;
}

/* Names go into hoc. */
static const char *
hoc_name(const struct place *at, const char *key, const char *name)
{
	if (!nrn_is_name(name))
		bad_value(at, key, "not a name in hoc: '%s'", name);
	return name;
}

/* The kind of section: SWC_KINDS for "glob". */
static unsigned
kind_of(const struct place *at, const char *section)
{
	unsigned k;

	for (k = 0; k < SWC_KINDS; k++)
		if (strcmp(section, swc_kind_name[k]) == 0)
			return k;
	if (strcmp(section, "glob") != 0)
		bad_place(at,
			  "no such section: '%s'; there are soma, axon, dend, "
			  "apic, and glob for global variables",
			  section);
	return SWC_KINDS;
}

static struct fitfile_setting *
add(struct fitfile *f, const struct place *at, unsigned kind, const char *name,
    double value)
{
	struct fitfile_setting *s;

	f->setting = grow(f->setting, &f->cap, f->n + 1, sizeof *f->setting);
	s = &f->setting[f->n++];
	*s = (struct fitfile_setting){.kind = kind,
				      .name = name,
				      .value = value,
				      .where = copy(at->name)};
	return s;
}

static void
add_global(struct fitfile *f, const struct place *at, const char *name,
	   double value)
{
	f->global = grow(f->global, &f->cap_globals, f->nglobals + 1,
			 sizeof *f->global);
	f->global[f->nglobals++] = (struct fitfile_global){
		.name = name, .value = value, .where = copy(at->name)};
}

/* ---- The parts of a fit ---- */

/* A part is in one of the files: of a list of one object, that object. */
static const cJSON *
part(const struct description *d, const char *key, struct place *at)
{
	const cJSON *v = NULL;
	size_t i;

	for (i = 0; i < d->n && !v; i++) {
		v = member(d->json[i], key);
		at->path = d->path[i];
	}
	if (!v)
		die("%s: no %s: not a fit of an Allen cell", d->path[d->n - 1],
		    key);
	snprintf(at->name, sizeof at->name, "%s", key);
	if (cJSON_IsArray(v) && cJSON_GetArraySize(v) == 1)
		v = json_first(v);
	if (!cJSON_IsObject(v))
		bad_place(at, "not an object, nor a list of one");
	return v;
}

/* The elements of a list of objects, one after the other, each with its place:
 * it begins with NULL. */
static const cJSON *
next_of(const cJSON *list, const cJSON *last, const char *name, size_t *i,
	struct place *at)
{
	const cJSON *v = last ? last->next : json_first(list);

	*i = last ? *i + 1 : 0;
	snprintf(at->name, sizeof at->name, "%s[%zu]", name, *i);
	if (v && !cJSON_IsObject(v))
		bad_place(at, "not an object");
	return v;
}

static void
check_list(const struct place *at, const cJSON *list)
{
	if (!cJSON_IsArray(list))
		bad_place(at, "not a list");
}

static void
read_passive(struct fitfile *f, const struct description *d)
{
	struct place at;
	const cJSON *passive = part(d, "passive", &at), *v = NULL;
	const cJSON *list = member(passive, "cm");
	double ra = number_or_nan(&at, passive, "ra");
	double e_pas = number_or_nan(&at, passive, "e_pas");
	unsigned kind;
	size_t i;

	for (kind = 0; kind < SWC_KINDS; kind++) {
		if (!isnan(ra))
			add(f, &at, kind, "Ra", ra);
		if (!isnan(e_pas))
			add(f, &at, kind, "e_pas", e_pas);
	}
	f->all_active = f->model_type
				? strstr(f->model_type, "all active") != NULL
				: !list;
	f->has_cm = list;
	if (!list)
		return;
	snprintf(at.name, sizeof at.name, "passive.cm");
	check_list(&at, list);
	while ((v = next_of(list, v, "passive.cm", &i, &at))) {
		kind = kind_of(&at, text(&at, v, "section"));
		if (kind == SWC_KINDS)
			bad_place(&at, "cm is not a global variable");
		add(f, &at, kind, "cm", number(&at, v, "cm"));
	}
}

static void
read_gene(struct fitfile *f, const struct place *at, unsigned kind,
	  const cJSON *v)
{
	const char *name = hoc_name(at, "name", text(at, v, "name"));
	const cJSON *of = member(v, "mechanism");
	const char *mechanism = NULL;
	double value = number(at, v, "value");
	struct fitfile_setting *s;

	if (of && !cJSON_IsNull(of) && *text(at, v, "mechanism"))
		mechanism = hoc_name(at, "mechanism", of->valuestring);
	if (kind == SWC_KINDS) {
		add_global(f, at, name, value);
		return;
	}
	s = add(f, at, kind, name, value);
	s->mechanism = mechanism;
	s->is_erev = !mechanism && fitfile_is_erev(name);
}

static void
read_genome(struct fitfile *f, const struct description *d)
{
	struct place at = {"", "genome"};
	const cJSON *list = NULL, *v = NULL;
	size_t i;

	for (i = 0; i < d->n && !list; i++) {
		list = member(d->json[i], "genome");
		at.path = d->path[i];
	}
	check_list(&at, list);
	f->path = copy(at.path);
	while ((v = next_of(list, v, "genome", &i, &at)))
		read_gene(f, &at, kind_of(&at, text(&at, v, "section")), v);
}

/* {"section": "soma", "ena": 53.0, "ek": -107.0} */
static void
read_erev(struct fitfile *f, const struct place *at, const cJSON *erev)
{
	unsigned kind = kind_of(at, text(at, erev, "section"));
	const cJSON *v;

	if (kind == SWC_KINDS)
		bad_place(at, "a reversal potential is not global");
	for (v = json_first(erev); v; v = v->next) {
		if (strcmp(v->string, "section") == 0)
			continue;
		if (!fitfile_is_erev(v->string))
			bad_place(at, "not a reversal potential: '%s'",
				  v->string);
		add(f, at, kind, hoc_name(at, "name", v->string),
		    number_of(at, v->string, v))
			->is_erev = true;
	}
}

static void
read_conditions(struct fitfile *f, const struct description *d)
{
	struct place at;
	const cJSON *conditions = part(d, "conditions", &at), *v = NULL;
	const cJSON *list = member(conditions, "erev");
	size_t i;

	f->celsius = number_or_nan(&at, conditions, "celsius");
	f->v_init = number_or_nan(&at, conditions, "v_init");
	if (!list)
		bad_place(&at, "no erev");
	snprintf(at.name, sizeof at.name, "conditions.erev");
	check_list(&at, list);
	while ((v = next_of(list, v, "conditions.erev", &i, &at)))
		read_erev(f, &at, v);
}

/* ---- The other form ---- */

static bool
is_by_section(const cJSON *json)
{
	unsigned k;

	for (k = 0; k < SWC_KINDS; k++)
		if (cJSON_IsArray(member(json, swc_kind_name[k])))
			return true;
	return false;
}

bool
fitfile_is_erev(const char *name)
{
	return *name == 'e' && name[1] && !strchr(name, '_');
}

static void
read_by_section(struct fitfile *f, const struct description *d)
{
	const cJSON *json = d->json[0], *list, *v;
	struct place at = {d->path[0], ""};
	unsigned k;
	size_t i;
	double e_pas;

	f->path = copy(d->path[0]);
	for (k = 0; k < SWC_KINDS; k++) {
		snprintf(at.name, sizeof at.name, "e_pas");
		e_pas = number_or_nan(&at, member(json, "e_pas"),
				      swc_kind_name[k]);
		if (!isnan(e_pas))
			add(f, &at, k, "e_pas", e_pas);
		if (!(list = member(json, swc_kind_name[k])))
			continue;
		snprintf(at.name, sizeof at.name, "%s", swc_kind_name[k]);
		check_list(&at, list);
		for (v = NULL;
		     (v = next_of(list, v, swc_kind_name[k], &i, &at));)
			read_gene(f, &at, k, v);
	}
}

/* ---- The file, and what it leads to ---- */

static char *
beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (*name == '/' || !slash)
		return copy(name);
	return format("%.*s/%s", (int)(slash - path), path, name);
}

static void
describe(struct description *d, const char *path)
{
	d->path[d->n] = path;
	d->json[d->n++] = json_read(path);
}

/* What a manifest says of the model: its files, among which the manifest is,
 * and its type. */
static void
follow(struct fitfile *f, struct description *d)
{
	struct place at = {d->path[0], "biophys"};
	const cJSON *list = member(d->json[0], "biophys"), *v = NULL, *file;
	const char *base = strrchr(at.path, '/');
	size_t i;

	base = base ? base + 1 : at.path;
	check_list(&at, list);
	while ((v = next_of(list, v, "biophys", &i, &at))) {
		if (member(v, "axon_type"))
			f->axon = text(&at, v, "axon_type");
		if (member(v, "model_type"))
			f->model_type = text(&at, v, "model_type");
		for (file = json_first(member(v, "model_file")); file;
		     file = file->next) {
			if (!cJSON_IsString(file))
				bad_value(&at, "model_file", "not a text");
			if (strcmp(file->valuestring, base) == 0)
				continue;
			if (d->n == MAX_FILES_OF_MANIFEST)
				bad_value(&at, "model_file", "too many files");
			files_check(beside(at.path, file->valuestring));
			describe(d, beside(at.path, file->valuestring));
		}
	}
}

/* {"key": "MORPHOLOGY", "spec": "cell.swc"} in a manifest's list */
static void
find_morphology(struct fitfile *f, const struct description *d)
{
	struct place at = {d->path[0], "manifest"};
	const cJSON *list = member(d->json[0], "manifest"), *v = NULL, *key;
	size_t i;

	while ((v = next_of(list, v, "manifest", &i, &at))) {
		key = member(v, "key");
		if (cJSON_IsString(key) &&
		    strcmp(key->valuestring, "MORPHOLOGY") == 0)
			f->morphology = beside(at.path, text(&at, v, "spec"));
	}
}

static bool
has_genome(const struct description *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (member(d->json[i], "genome"))
			return true;
	return false;
}

/* The mechanism that a name such as "gbar_Im_v2" is of: is it this one? */
static bool
is_of(const char *name, const char *mechanism)
{
	size_t n = strlen(name), m = strlen(mechanism);

	return n > m + 1 && name[n - m - 1] == '_' &&
	       strcmp(name + n - m, mechanism) == 0;
}

bool
fitfile_has(const struct fitfile *f, unsigned kind, const char *name)
{
	size_t i;

	if (strcmp(name, "Ra") == 0 || strcmp(name, "cm") == 0 ||
	    fitfile_is_erev(name) || is_of(name, "pas"))
		return true;
	for (i = 0; i < f->n; i++)
		if (f->setting[i].kind == kind && f->setting[i].mechanism &&
		    is_of(name, f->setting[i].mechanism))
			return true;
	return false;
}

/* "gbar_NaTs", "g_pas", "gnabar_hh" */
static bool
is_conductance(const char *name)
{
	size_t n = strcspn(name, "_");

	return *name == 'g' &&
	       (n == 1 || (n > 3 && strncmp(name + n - 3, "bar", 3) == 0));
}

static void
check_value(const struct fitfile *f, const struct fitfile_setting *s)
{
	if (s->value <= 0 &&
	    (strcmp(s->name, "Ra") == 0 || strcmp(s->name, "cm") == 0))
		die("%s: %s: %s is not above 0: '%g'", f->path, s->where,
		    s->name, s->value);
	if (s->value < 0 && is_conductance(s->name))
		die("%s: %s: a conductance below 0: '%s' is %g", f->path,
		    s->where, s->name, s->value);
}

static void
check_names(const struct fitfile *f)
{
	const struct fitfile_setting *s;
	size_t i;

	for (i = 0; i < f->n; i++) {
		s = &f->setting[i];
		check_value(f, s);
		if (s->mechanism && !is_of(s->name, s->mechanism))
			die("%s: %s: '%s' is not a parameter of '%s': it would "
			    "be called '..._%s'",
			    f->path, s->where, s->name, s->mechanism,
			    s->mechanism);
		if (!s->mechanism && !fitfile_has(f, s->kind, s->name))
			die("%s: %s: '%s' is neither Ra, cm, nor of pas or a "
			    "mechanism that is inserted in '%s'",
			    f->path, s->where, s->name, swc_kind_name[s->kind]);
	}
}

struct fitfile
fitfile_read(const char *path)
{
	struct fitfile f = {.celsius = NAN, .v_init = NAN};
	struct description d = {.n = 0};

	nrn_check_file(path);
	describe(&d, path);
	if (member(d.json[0], "biophys"))
		follow(&f, &d);
	find_morphology(&f, &d);
	if (has_genome(&d)) {
		read_passive(&f, &d);
		read_genome(&f, &d);
		read_conditions(&f, &d);
	} else if (is_by_section(d.json[0])) {
		read_by_section(&f, &d);
	} else {
		die("%s: no genome: not a fit of an Allen cell", path);
	}
	check_names(&f);
	return f;
}
