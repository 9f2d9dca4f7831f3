// Package apilist writes the exported API of packages down, a line for each
// feature, in the form of the api folder of Go's own tree.
package apilist

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Load lists the API of the packages that match the pattern, seen from dir.
// The result is keyed by package path below the module. Packages named
// internal, commands and examples have no API.
func Load(dir string, patterns ...string) (map[string][]string, error) {
	cfg := &packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
	}
	loaded, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, err
	}
	lists := make(map[string][]string)
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		if p.Name == "main" || !isPublic(p.PkgPath) {
			continue
		}
		name := strings.TrimPrefix(p.PkgPath, p.Module.Path+"/")
		lists[name] = lines(name, p.Types)
	}
	return lists, nil
}

// lister collects the lines of one package.
type lister struct {
	prefix string
	pkg    *types.Package
	lines  []string
}

func lines(name string, pkg *types.Package) []string {
	l := &lister{prefix: "pkg " + name + ", ", pkg: pkg}
	scope := pkg.Scope()
	for _, n := range scope.Names() {
		if obj := scope.Lookup(n); obj.Exported() {
			l.object(obj)
		}
	}
	slices.Sort(l.lines)
	return l.lines
}

func (l *lister) add(format string, args ...any) {
	l.lines = append(l.lines, l.prefix+fmt.Sprintf(format, args...))
}

func (l *lister) qualify(p *types.Package) string {
	if p == l.pkg {
		return ""
	}
	return p.Name()
}

func (l *lister) typ(t types.Type) string { return types.TypeString(t, l.qualify) }

func (l *lister) object(obj types.Object) {
	switch o := obj.(type) {
	case *types.Const:
		l.add("const %s %s = %s", o.Name(), l.typ(o.Type()), o.Val())
	case *types.Var:
		l.add("var %s %s", o.Name(), l.typ(o.Type()))
	case *types.Func:
		l.add("func %s%s", o.Name(), l.signature(o))
	case *types.TypeName:
		l.typeName(o)
	}
}

func (l *lister) signature(f *types.Func) string {
	return strings.TrimPrefix(l.typ(f.Type()), "func")
}

func (l *lister) typeName(o *types.TypeName) {
	if o.IsAlias() {
		l.add("type %s = %s", o.Name(), l.typ(types.Unalias(o.Type())))
		return
	}
	switch u := o.Type().Underlying().(type) {
	case *types.Struct:
		l.add("type %s struct", o.Name())
		for f := range u.Fields() {
			if f.Exported() {
				l.add("type %s struct, %s %s", o.Name(), f.Name(), l.typ(f.Type()))
			}
		}
	case *types.Interface:
		l.add("type %s interface", o.Name())
		for m := range u.Methods() {
			l.add("type %s interface, %s%s", o.Name(), m.Name(), l.signature(m))
		}
	default:
		l.add("type %s %s", o.Name(), l.typ(u))
	}
	l.methods(o)
}

func (l *lister) methods(o *types.TypeName) {
	if types.IsInterface(o.Type()) {
		return
	}
	pointer := types.NewMethodSet(types.NewPointer(o.Type()))
	value := types.NewMethodSet(o.Type())
	for m := range pointer.Methods() {
		if !m.Obj().Exported() || len(m.Index()) > 1 {
			continue
		}
		receiver := "*" + o.Name()
		if value.Lookup(l.pkg, m.Obj().Name()) != nil {
			receiver = o.Name()
		}
		l.add("method (%s) %s%s", receiver, m.Obj().Name(), l.signature(m.Obj().(*types.Func)))
	}
}

// isPublic reports whether a package is there to be imported.
func isPublic(path string) bool {
	folders := strings.Split(path, "/")
	return !slices.Contains(folders, "internal") && !slices.Contains(folders, "examples")
}
