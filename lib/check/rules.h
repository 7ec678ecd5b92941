/* rules.h -- what can be wrong with files of SONATA, and for whom
 *
 *	const struct rule *r = rule_find("node-id-missing");
 *
 *	if (r->by[RULE_BMTK] == RULE_ERROR)
 *		puts(r->source); // where it stands that BMTK ends there
 *
 * A rule has a severity for each reader of the files: an error is for one that
 * ends there, or that takes the data for what they are not; a warning for one
 * that needs luck or leaves something out; a note for one that goes on.  The
 * specification is a reader, too: what contradicts itself is an error, what it
 * demands in vain though the meaning is plain is a warning.
 */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>

enum rule_reader {
	RULE_BMTK,
	RULE_LIBSONATA,
	RULE_NEST,
	RULE_SPEC,
	RULE_READERS
};

/* What --for of tools takes, by these numbers. */
#define RULE_READER_WORDS "bmtk|libsonata|nest|spec"

enum rule_severity { RULE_SILENT, RULE_NOTE, RULE_WARNING, RULE_ERROR };

struct rule {
	const char *id;
	enum rule_severity by[RULE_READERS];
	const char *what;   /* is wrong */
	const char *source; /* of the demand, or of the program that fails */
};

/* All rules, in the order of the manual, and how many. */
const struct rule *rules_all(size_t *n);

/* The rule of this name, which there has to be. */
const struct rule *rule_find(const char *id);

/* "error", "warning" or "note"; "" for RULE_SILENT. */
const char *rule_severity_name(enum rule_severity severity);

#endif
