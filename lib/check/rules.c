/* The sources are the SONATA Developer Guide (AllenInstitute/sonata,
 * docs/SONATA_DEVELOPER_GUIDE.md) by its headings, BMTK 1.0.8, libsonata as of
 * b1953f5 and NEST 3 by their files; "HDF5" and "JSON" are those formats
 * themselves. */
#include <string.h>

#include "check/rules.h"
#include "util.h"

#define X RULE_SILENT
#define N RULE_NOTE
#define W RULE_WARNING
#define E RULE_ERROR

/* How severe it is for BMTK, libsonata, NEST and the specification. */
#define BY(bmtk, libsonata, nest, spec)                                        \
	{                                                                      \
		[RULE_BMTK] = (bmtk), [RULE_LIBSONATA] = (libsonata),          \
		[RULE_NEST] = (nest), [RULE_SPEC] = (spec)                     \
	}

#define GUIDE "guide, "
#define POPULATION "bmtk/utils/sonata/population.py"
#define TYPES "bmtk/utils/sonata/types_table.py"
#define CONFIG "libsonata config.cpp"
#define INDEX "libsonata edge_index.cpp"
#define READER "libsonata report_reader.cpp"
#define SETS "libsonata node_sets.cpp"
#define CONNECTOR "nest sonata_connector.cpp"

static const struct rule all[] = {
	/* ---- Any file ---- */
	{"hdf5", BY(E, E, E, E),
	 "HDF5 cannot open the file, or the tool cannot read a part of it",
	 "HDF5"},
	{"magic", BY(N, N, N, W), "the attribute magic is not 0x0A7A",
	 GUIDE "HDF5; bmtk/utils/sonata/file.py never runs its check"},
	{"version", BY(N, N, N, W), "the attribute version is not two integers",
	 GUIDE "HDF5"},
	{"version-scalar", BY(E, X, X, X),
	 "the attribute version is one number, not a list",
	 "bmtk/utils/sonata/utils.py, get_version()"},
	{"contents", BY(W, W, W, W),
	 "neither nodes, edges, spikes nor reports are in it",
	 GUIDE "Representing networks of neurons; Output file formats"},

	/* ---- Nodes and edges ---- */
	{"population", BY(E, E, E, E),
	 "a population without the datasets that tell how many rows it has",
	 GUIDE "Nodes and Edges, Required Attributes"},
	{"type-id-missing", BY(E, E, E, E), "no node_type_id or edge_type_id",
	 GUIDE "Required Attributes; " POPULATION
	       "; libsonata population.cpp, size()"},
	{"group-missing", BY(E, X, E, W),
	 "no group ids or group indices: all rows are of group 0",
	 GUIDE "Representing Nodes and Edges; " POPULATION "; " CONNECTOR},
	{"id-type", BY(W, W, W, W), "ids that are not stored as integers",
	 GUIDE "Required Attributes [INT]"},
	{"id-unread", BY(E, E, E, E), "ids that are texts, or not one a row",
	 GUIDE "Required Attributes [INT]"},
	{"id-range", BY(E, E, E, E), "an id below 0, or 2^63 and above",
	 GUIDE "Nodes, node_id"},
	{"id-wide", BY(X, X, E, X),
	 "more than 2^31 - 1 rows, or an id above that",
	 CONNECTOR ", read_data_(): int"},
	{"length", BY(E, E, E, E), "datasets of different lengths",
	 GUIDE "Tables 1 and 2: {N_total_nodes}, {N_total_edges}"},
	{"size", BY(E, E, E, E), "more values than the file has room for",
	 "HDF5; deflate packs 1032 to 1"},
	{"single-group", BY(X, E, E, X), "groups other than 0",
	 "libsonata population.hpp, Population::Impl; " CONNECTOR},
	{"group-absent", BY(E, E, E, W), "no groups, not even an empty one",
	 GUIDE "Nodes, node_group_id; " POPULATION
	       ", get_group(); libsonata population.hpp, Population::Impl"},
	{"group-unknown", BY(E, W, E, E), "a row of a group that is not there",
	 GUIDE "Nodes, node_group_id; " POPULATION ", get_group()"},
	{"group-index", BY(E, W, W, E),
	 "an index past the end of its group, or below 0",
	 GUIDE "Nodes, node_group_index"},
	{"group-length", BY(E, E, E, E),
	 "attributes of one group that have different lengths",
	 GUIDE "Table 1: {M_nodes}"},
	{"group-order", BY(N, E, E, N),
	 "rows of groups that alternate, or are not in the order of their "
	 "groups",
	 "libsonata and nest take row i for the i-th of the group"},
	{"dataset", BY(W, W, W, W),
	 "an attribute that is neither numbers nor texts, or not one a row",
	 GUIDE "Table 1"},
	{"enumeration", BY(N, E, X, E),
	 "a code past the end of its @library, or none at all",
	 GUIDE "Enum datatypes; libsonata population.cpp, getAttribute()"},

	/* ---- Nodes ---- */
	{"node-id-missing", BY(E, X, X, W), "no node_id",
	 GUIDE "Representing Nodes; " POPULATION ", NodePopulation"},
	{"node-id-duplicate", BY(E, E, E, E), "two nodes of one id",
	 GUIDE "Nodes, node_id"},
	{"node-id-order", BY(N, E, E, N), "ids that do not ascend",
	 "libsonata nodes.cpp and nest: an id is a row"},
	{"node-id-gap", BY(X, E, E, X), "ids that are not 0 to n - 1",
	 "libsonata nodes.cpp and nest: an id is a row"},

	/* ---- Edges ---- */
	{"node-population-missing", BY(E, E, E, E),
	 "ids of edges without the attribute node_population",
	 GUIDE "Representing Edges; libsonata edges.cpp, source(); " CONNECTOR},
	{"node-population-unknown", BY(E, E, E, E),
	 "edges of nodes that the network does not have",
	 GUIDE "Edges, source_node_id"},
	{"edge-end", BY(E, E, E, E), "an edge of a node that is not there",
	 GUIDE "Edges, source_node_id"},
	{"edge-order", BY(X, N, X, N),
	 "rows sorted neither by source nor by target",
	 GUIDE "Edges, Optional indexing"},
	{"delay-nan", BY(E, N, E, N),
	 "a delay that is not a number, but of a gap junction",
	 GUIDE "Edges, delay; NEURON's NetCon"},
	{"delay-negative", BY(E, N, E, E), "a delay below 0",
	 GUIDE "Edges, delay; NEURON's NetCon"},
	{"autapse", BY(N, N, N, N), "an edge from a node to itself",
	 "worth knowing"},
	{"multapse", BY(N, N, N, N), "a pair of nodes with several edges",
	 "worth knowing"},

	/* ---- The index of edges ---- */
	{"index-missing", BY(N, W, X, X), "no index of edges",
	 INDEX ", sourceIndex()"},
	{"index-spelling", BY(X, E, X, W),
	 "indices or node_id_to_ranges under another name",
	 GUIDE "Edges, Optional indexing; " INDEX},
	{"index-bmtk", BY(E, X, X, X), "no node_id_to_range beside it",
	 POPULATION ", build_indicies()"},
	{"index-incomplete", BY(E, E, X, E),
	 "an index without one of its datasets, or of another shape",
	 GUIDE "Edges, Optional indexing; " POPULATION ", build_indicies()"},
	{"index-end", BY(E, E, X, E),
	 "a range past the end of the edges, or of the ranges",
	 GUIDE "Edges, Optional indexing"},
	{"index-stale", BY(E, E, X, E),
	 "edges that the index gives to another node, or to none",
	 GUIDE "Edges, Optional indexing"},
	{"index-overlap", BY(E, W, X, E), "edges that it gives twice",
	 GUIDE "Edges, Optional indexing"},

	/* ---- Type files ---- */
	{"types-missing", BY(E, X, E, X), "no file of types in the config",
	 GUIDE "Representing Nodes; bmtk/utils/sonata/file.py"},
	{"types-unread", BY(E, X, E, E), "a file of types that is not a table",
	 GUIDE "CSV"},
	{"types-field", BY(E, X, E, E), "more or fewer fields than the header",
	 GUIDE "CSV"},
	{"types-quote", BY(E, X, E, E), "a misplaced quote", GUIDE "CSV"},
	{"types-separator", BY(E, X, W, W),
	 "separated by commas or tabs rather than by spaces",
	 GUIDE "CSV; bmtk/utils/sonata/utils.py, load_csv()"},
	{"types-blanks", BY(E, X, X, X),
	 "runs of spaces, or spaces at the end of a line",
	 "bmtk/utils/sonata/utils.py, load_csv(): sep=' '"},
	{"types-id", BY(E, X, E, E), "a type id that is not an integer",
	 GUIDE "Nodes, node_type_id [INT]"},
	{"types-duplicate", BY(E, X, E, E), "a type id that is there twice",
	 GUIDE "Nodes, node_type_id: unique; " TYPES ", add_table()"},
	{"type-unknown", BY(E, X, E, E),
	 "a row of a type that its file does not have",
	 GUIDE "Nodes, node_type_id; " TYPES},
	{"type-none", BY(E, X, E, X), "a row of the type -1, which is none",
	 TYPES ", __getitem__()"},

	/* ---- Configs ---- */
	{"json", BY(E, E, E, E), "a file that is not JSON, or not an object",
	 "RFC 8259"},
	{"config", BY(E, E, E, E), "a value of another type than is needed",
	 GUIDE "The network/circuit config file; " CONFIG},
	{"network-missing", BY(E, E, E, E),
	 "neither networks nor a network that has them",
	 GUIDE "Specifying the Circuit/Network; " CONFIG},
	{"variable", BY(E, E, E, E),
	 "a variable that is unknown, or defined by itself",
	 GUIDE "The network/circuit config file, manifest; " CONFIG},
	{"file-missing", BY(E, E, E, E),
	 "a file that is not there, or is empty",
	 GUIDE "The network/circuit config file"},
	{"path", BY(N, E, E, W),
	 "a file that is found only from the working directory, or with other "
	 "slashes",
	 "libsonata and nest: from the config's folder"},
	{"population-twice", BY(E, E, E, E),
	 "two populations of one name in a network",
	 GUIDE "Nodes, Required Attributes; " CONFIG},
	{"population-absent", BY(X, E, X, W),
	 "a population of the config that its file does not have", CONFIG},
	{"populations", BY(X, E, X, X),
	 "an entry of networks without populations",
	 CONFIG ", parsePopulationProperties()"},

	/* ---- Node sets ---- */
	{"node-set", BY(N, E, X, E), "neither conditions nor a list of names",
	 GUIDE "Node Sets File; " SETS},
	{"node-set-unknown", BY(E, E, E, E),
	 "a node set that is named and not there, or made of itself",
	 GUIDE "Node Sets File; " SETS},
	{"node-set-attribute", BY(W, W, X, E),
	 "an attribute that no population has", GUIDE "Node Sets File"},
	{"node-set-value", BY(W, E, X, E),
	 "a value of another kind than the attribute's",
	 GUIDE "Node Sets File; " SETS},
	{"node-set-population", BY(W, W, X, W),
	 "a population that the network does not have", GUIDE "Node Sets File"},

	/* ---- Spikes ---- */
	{"spikes-layout", BY(N, E, N, W),
	 "ids called gids, or spikes of no population",
	 GUIDE "Spike file; " READER ", SpikeReader"},
	{"spikes-length", BY(E, E, E, E), "not as many ids as times",
	 GUIDE "Spike file; " READER},
	{"spikes-units", BY(X, E, X, W),
	 "times without units, or in others than ms",
	 GUIDE "Spike file; " READER},
	{"spikes-time", BY(E, E, E, E), "a time that is no number",
	 GUIDE "Spike file"},
	{"spikes-negative", BY(W, E, E, N), "a time below 0",
	 READER ", SpikeReader::Population::get()"},
	{"spikes-sorting", BY(W, E, X, E),
	 "spikes that are not sorted as the file says",
	 GUIDE "Spike file, sorting; " READER ", filterNodeIDSorted()"},
	{"spikes-sorting-type", BY(X, E, X, W),
	 "sorting that is not an enumeration, or elsewhere",
	 GUIDE "Spike file, sorting (enum); " READER},
	{"spikes-id", BY(E, W, W, E), "a spike of a node that is not there",
	 GUIDE "Spike file"},
	{"spikes-population", BY(W, W, E, W),
	 "spikes of nodes that the network does not have",
	 GUIDE "Spike file; nest hl_api_sonata.py"},
	{"spikes-tstop", BY(W, W, W, W), "a spike after tstop",
	 GUIDE "Time Stepping Parameters"},

	/* ---- Reports ---- */
	{"report-layout", BY(N, E, X, W),
	 "a report of no population, or without one of its datasets",
	 GUIDE "Frame oriented, node element recordings; " READER},
	{"report-units", BY(X, E, X, W), "data or times without units",
	 GUIDE "Frame oriented, node element recordings; " READER},
	{"report-pointers", BY(E, E, X, E),
	 "pointers that do not ascend from 0 to the end of the data",
	 GUIDE "Frame oriented, node element recordings"},
	{"report-pointer-count", BY(X, E, X, N),
	 "as many pointers as nodes, rather than one more",
	 READER ", ReportReader::Population"},
	{"report-length", BY(E, E, X, E),
	 "not as many elements as the data have columns",
	 GUIDE "Frame oriented, node element recordings"},
	{"report-time", BY(E, E, X, E),
	 "times that are no start, stop and step",
	 GUIDE "Frame oriented, node element recordings"},
	{"report-frames", BY(W, W, X, W),
	 "more or fewer frames than the times say",
	 GUIDE "Frame oriented, node element recordings"},
	{"report-sorted", BY(X, E, X, E),
	 "ids that are not sorted as the file says",
	 GUIDE "Frame oriented, node element recordings; " READER},
	{"report-id", BY(W, W, X, E), "a node that is not there",
	 GUIDE "Frame oriented, node element recordings"},
};

const struct rule *
rules_all(size_t *n)
{
	*n = LEN(all);
	return all;
}

const struct rule *
rule_find(const char *id)
{
	size_t i;

	for (i = 0; i < LEN(all); i++)
		if (!strcmp(all[i].id, id))
			return &all[i];
	die("no rule '%s'", id);
}

const char *
rule_severity_name(enum rule_severity severity)
{
	static const char *const names[] = {"", "note", "warning", "error"};

	return names[severity];
}
