package report

import (
	"io"

	"github.com/handletrace/handletrace/htrace"
)

// DiffSchema names the form of the JSON that WriteDiffJSON writes. It only
// ever grows.
const DiffSchema = "handletrace-diff/v1"

// WriteDiffJSON writes a difference as a document of the schema named by
// DiffSchema.
func WriteDiffJSON(w io.Writer, d *Difference) error {
	j := &jsonReport{jsonStream: newJSONStream(w)}
	j.begin("", "{")
	j.value("schema", DiffSchema)
	j.side("old", d.Old)
	j.side("new", d.New)
	j.value("shared", d.Shared)
	j.value("since", d.Since)
	j.value("closed", d.Closed)
	j.begin("opened", "[")
	for i := range d.Opened {
		j.opened(d.New, &d.Opened[i])
	}
	j.end("]")
	j.begin("sites", "[")
	for i := range d.Sites {
		j.site(d.New, &d.Sites[i])
	}
	j.end("]")
	j.begin("types", "[")
	for _, g := range d.Types {
		j.begin("", "{")
		j.value("type", g.Type)
		j.value("old", g.Old)
		j.value("new", g.New)
		j.end("}")
	}
	j.end("]")
	return j.endDocument()
}

// side writes one of the two inputs.
func (j *jsonReport) side(key string, in *Input) {
	j.begin(key, "{")
	j.head(in)
	j.value("warnings", append([]string{}, in.Warnings...))
	j.end("}")
}

// opened writes an object that was opened since.
func (j *jsonReport) opened(in *Input, l *htrace.Lifetime) {
	j.begin("", "{")
	j.value("handle", hex(l.Value))
	if l.Type != "" {
		j.value("type", l.Type)
		j.value("name", l.Name)
	}
	j.operation("open", in, l.Open)
	j.end("}")
}

func (j *jsonReport) site(in *Input, s *htrace.SiteGrowth) {
	j.begin("", "{")
	j.value("place", s.Place)
	j.where("where", s.Where)
	j.value("old", s.Old)
	j.value("new", s.New)
	j.value("opened", s.Opened)
	j.operation("newest", in, s.Newest)
	j.end("}")
}
