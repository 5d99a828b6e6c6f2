package contract

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the folder of the module.
const root = "../.."

// A dialect is a package of requests and answers, with its unexported types.
type dialect struct {
	*types.Package
	files []*ast.File
}

// dialects reads the packages below shared/api that have requests and answers,
// by their names.
var dialects = sync.OnceValues(func() (map[string]dialect, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./shared/api/...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=") // the cache of make check
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	var ours []listed
	exports := map[string]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, "windfall/shared/api/") {
			ours = append(ours, p)
		}
	}
	fset := token.NewFileSet()
	known := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	all := map[string]dialect{}
	for _, p := range ours {
		var files []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
		checked, err := (&types.Config{Importer: known}).Check(p.ImportPath, fset, files, nil)
		if err != nil {
			return nil, err
		}
		all[checked.Name()] = dialect{checked, files}
	}
	return all, nil
})

func readDialects(t *testing.T) map[string]dialect {
	t.Helper()
	all, err := dialects()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
