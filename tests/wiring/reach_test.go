package wiring

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"windfall/tests/built"
)

const module = "windfall/"

// A program is the typed code of this module: the functions and variables that
// each function and variable mentions. A mention counts as a call, and a call
// through an interface may go to every type of the module that implements it:
// code that is not reached that way never runs.
type program struct {
	info   types.Info
	bodies map[types.Object]ast.Node // of functions and package variables
	named  []*types.Named
	begins []types.Object // init functions
}

// checked type-checks the module once. Other packages are imported compiled.
var checked = sync.OnceValues(func() (*program, error) {
	p, err := loadOnce()
	if err != nil {
		return nil, err
	}
	cmd := built.Go("list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./functions/...")
	cmd.Dir = p.root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	prog := &program{bodies: map[types.Object]ast.Node{}, info: types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}}
	files, exports, done := token.NewFileSet(), map[string]string{}, map[string]*types.Package{}
	compiled := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	config := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) {
		if own := done[path]; own != nil {
			return own, nil
		}
		return compiled.Import(path)
	})}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; { // in the order of their dependencies
		var pkg struct {
			ImportPath, Dir, Export string
			GoFiles                 []string
		}
		if err := d.Decode(&pkg); errors.Is(err, io.EOF) {
			return prog, nil
		} else if err != nil {
			return nil, err
		}
		exports[pkg.ImportPath] = pkg.Export
		if !strings.HasPrefix(pkg.ImportPath, module) {
			continue
		}
		var parsed []*ast.File
		for _, name := range pkg.GoFiles {
			f, err := parser.ParseFile(files, filepath.Join(pkg.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, f)
		}
		if done[pkg.ImportPath], err = config.Check(pkg.ImportPath, files, parsed, &prog.info); err != nil {
			return nil, err
		}
		prog.add(parsed, done[pkg.ImportPath])
	}
})

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func (p *program) add(files []*ast.File, pkg *types.Package) {
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				p.bodies[p.info.Defs[d.Name]] = d
				if d.Recv == nil && d.Name.Name == "init" {
					p.begins = append(p.begins, p.info.Defs[d.Name])
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						for _, name := range v.Names {
							p.bodies[p.info.Defs[name]] = v
						}
					}
				}
			}
		}
	}
	for _, name := range pkg.Scope().Names() {
		if t, ok := pkg.Scope().Lookup(name).Type().(*types.Named); ok {
			p.named = append(p.named, t)
		}
	}
}

// reached has what reach found for each folder: several tests ask, some for each index.
var reached sync.Map

// reach returns everything that the main of a function's folder may run.
func reach(t *testing.T, folder string) map[types.Object]ast.Node {
	t.Helper()
	once, _ := reached.LoadOrStore(folder, &sync.Once{})
	once.(*sync.Once).Do(func() { reached.Store("in "+folder, walked(t, folder)) })
	found, _ := reached.Load("in " + folder)
	all, _ := found.(map[types.Object]ast.Node)
	return all
}

// walked visits what reach returns.
func walked(t *testing.T, folder string) map[types.Object]ast.Node {
	t.Helper()
	p, err := checked()
	if err != nil {
		t.Fatal(err)
	}
	found, unused := map[types.Object]ast.Node{}, p.unused(constructorOf(t, folder))
	called := map[*types.Func]bool{} // whose methods behind it were visited
	var visit func(types.Object)
	visit = func(o types.Object) {
		for _, begin := range p.declaring(o) {
			visit(begin)
		}
		if f, ok := o.(*types.Func); ok {
			o = f.Origin()
			if !called[f] {
				called[f] = true
				for _, method := range p.behind(f) {
					visit(method)
				}
			}
		}
		body := p.bodies[o]
		if body == nil || found[o] != nil || unused[o.Name()] {
			return
		}
		found[o] = body
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				visit(p.info.Uses[id])
			}
			return true
		})
	}
	for o := range maps.Keys(p.bodies) {
		if o != nil && o.Pkg().Path() == module+"functions/"+folder && o.Name() == "main" {
			visit(o)
		}
	}
	if len(found) < 2 {
		t.Fatalf("functions/%s reaches nothing", folder)
	}
	return found
}

// declaring returns the init functions that declare what a function carries out.
// Package dynamo declares with each kind of row how it is deleted: `allKinds` may
// run any of them.
func (p *program) declaring(o types.Object) (begins []types.Object) {
	if f, is := o.(*types.Func); !is || f.Name() != "allKinds" || f.Pkg().Path() != module+"shared/dynamo" {
		return nil
	}
	for _, begin := range p.begins {
		if begin.Pkg() == o.Pkg() {
			begins = append(begins, begin)
		}
	}
	return begins
}

// unused names what a constructor's routes switch off, in all dialects together: `once` where none of
// them honours Idempotency-Key, `authenticate` where all of them are open.
func (p *program) unused(constructor string) map[string]bool {
	routes, replaying, keyed := 0, 0, 0
	for o, body := range p.bodies {
		if o == nil || !strings.HasPrefix(o.Pkg().Path(), module+"shared/api") || o.Name() != constructor {
			continue
		}
		ast.Inspect(body, func(n ast.Node) bool {
			r, ok := n.(*ast.CompositeLit)
			if !ok || len(r.Elts) == 0 || r.Type == nil || strings.TrimPrefix(types.ExprString(r.Type), "api.") != "Route" {
				return true
			}
			routes++
			if strings.TrimPrefix(fieldOf(r, "Access", 1), "api.") != "Open" {
				keyed++
			}
			if replays := fieldOf(r, "Replays", 3); replays != "false" && replays != "" {
				replaying++
			}
			return true
		})
	}
	return map[string]bool{"once": routes > 0 && replaying == 0, "authenticate": routes > 0 && keyed == 0}
}

// fieldOf is the expression of a field, by its name or its place; "" if it is
// absent.
func fieldOf(lit *ast.CompositeLit, name string, place int) string {
	for i, e := range lit.Elts {
		if kv, named := e.(*ast.KeyValueExpr); !named && i == place {
			return types.ExprString(e)
		} else if named && types.ExprString(kv.Key) == name {
			return types.ExprString(kv.Value)
		}
	}
	return ""
}

// behind returns the methods that a call may go to: those of types that
// implement the interface, and Invoke, which Lambda calls on the value of a
// constructor.
func (p *program) behind(f *types.Func) (methods []types.Object) {
	signature := f.Signature()
	for i := range signature.Results().Len() {
		if o, _, _ := types.LookupFieldOrMethod(signature.Results().At(i).Type(), true, f.Pkg(), "Invoke"); o != nil {
			methods = append(methods, o)
		}
	}
	if signature.Recv() == nil {
		return methods
	}
	face, ok := signature.Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return methods
	}
	for _, t := range p.named {
		if pointer := types.NewPointer(t); t.TypeParams() == nil && types.Implements(pointer, face) {
			if o, _, _ := types.LookupFieldOrMethod(pointer, true, f.Pkg(), f.Name()); o != nil {
				methods = append(methods, o)
			}
		}
	}
	return methods
}
