#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "sonata/property.h"
#include "util.h"

/* An edge without nsyns is one synapse, and one without is_gap_junction is
 * chemical. */
static const struct property_default defaults[] = {
	{"nsyns", "1", "1", 1}, {"is_gap_junction", "false", "0", 0}};

static const char *const reals[] = {"x",
				    "y",
				    "z",
				    "rotation_angle_xaxis",
				    "rotation_angle_yaxis",
				    "rotation_angle_zaxis",
				    "orientation_w",
				    "orientation_x",
				    "orientation_y",
				    "orientation_z",
				    "delay",
				    "syn_weight",
				    "weight",
				    "conductance",
				    "afferent_section_pos",
				    "efferent_section_pos",
				    NULL};

/* Node sets look for pop_name in types as well, which may be a number. */
static const char *const words[] = {
	"model_type",      "model_template", "model_processing",
	"dynamics_params", "morphology",     "weight_function",
	"target_sections", "distance_range", NULL};

/* Readers show pos_x, as laboratories have it, as x, where there is no x. */
const char *const property_axis[3][2] = {
	{"x", "pos_x"}, {"y", "pos_y"}, {"z", "pos_z"}};

const struct property_default *
property_default(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(defaults); i++)
		if (!strcmp(defaults[i].name, name))
			return &defaults[i];
	return NULL;
}

bool
property_is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

enum property_sort
property_sort(const char *name)
{
	if (!strcmp(name, "is_gap_junction"))
		return PROPERTY_FLAG;
	if (property_is_one_of(name, words))
		return PROPERTY_WORD;
	return property_is_one_of(name, reals) ? PROPERTY_NUMBER
					       : PROPERTY_ANYTHING;
}

const char *
property_parameter(const char *name)
{
	static const char stem[] = "dynamics_params.";
	size_t n = strlen(stem);

	return strncmp(name, stem, n) == 0 ? name + n : NULL;
}

void
property_put_name(const char *name, const char *const *ours)
{
	char *s = format("%s%s",
			 property_is_one_of(name, ours) ? "attribute." : "",
			 name);

	out_text(s);
	free(s);
}
