package wiring

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"windfall/local/template"
)

// project is the input of all tests.
type project struct {
	root     string // folder of template.yaml
	text     string // template.yaml
	makefile string
	folders  []string // of functions/, sorted
	dev      *template.Template
	prod     *template.Template // with Stage=prod
}

var loadOnce = sync.OnceValues(func() (*project, error) {
	path, err := template.Find()
	if err != nil {
		return nil, err
	}
	p := &project{root: filepath.Dir(path)}
	for name, into := range map[string]*string{"template.yaml": &p.text, "Makefile": &p.makefile} {
		text, err := os.ReadFile(filepath.Join(p.root, name))
		if err != nil {
			return nil, err
		}
		*into = string(text)
	}
	if p.dev, err = template.Load(path); err != nil {
		return nil, err
	}
	if p.prod, err = template.Load(path, "Stage=prod"); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(p.root, "functions"))
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() {
			p.folders = append(p.folders, e.Name())
		}
	}
	slices.Sort(p.folders)
	return p, nil
})

func load(t *testing.T) *project {
	t.Helper()
	t.Parallel()
	p, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// path joins names to a path below the project's root.
func (p *project) path(names ...string) string {
	return filepath.Join(append([]string{p.root}, names...)...)
}

// logicalID turns redeem_referral into RedeemReferralFunction.
func logicalID(folder string) string {
	id := make([]byte, 0, len(folder)+len("Function"))
	upper := true
	for i := range len(folder) {
		switch c := folder[i]; {
		case c == '_':
			upper = true
		case upper:
			id = append(id, c-'a'+'A')
			upper = false
		default:
			id = append(id, c)
		}
	}
	return string(id) + "Function"
}
