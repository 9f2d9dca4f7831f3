package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
)

// plumbingFlag names the modules that handle for others.
type plumbingFlag struct{ modules []string }

func (p *plumbingFlag) add(f *pflag.FlagSet) {
	f.StringArrayVar(&p.modules, "plumbing", nil,
		"a `MODULE`, without extension, that opens and closes handles for others and is never at fault itself; app* is all that begin so; may be repeated")
}

// names returns the names as the analysis takes them.
func (p *plumbingFlag) names() ([]string, error) {
	var list []string
	for _, m := range p.modules {
		switch stem := strings.TrimSuffix(m, "*"); {
		case stem == "":
			return nil, fmt.Errorf("--plumbing %q: name a module, as in mylib or my*; if all were plumbing, nobody would be at fault", m)
		case strings.ContainsAny(stem, `*?!/\`):
			return nil, fmt.Errorf("--plumbing %q: give the module's name alone, as in mylib; a * may stand at its end", m)
		}
		if ext := filepath.Ext(m); strings.EqualFold(ext, ".dll") || strings.EqualFold(ext, ".exe") {
			m = strings.TrimSuffix(m, ext)
		}
		list = append(list, m)
	}
	return list, nil
}
