package stack

import (
	"fmt"
	"os"
	"sync"

	"windfall/local/template"
)

// templates remembers what a template's text means: a test opens hundreds of
// stacks over the same one. Nobody changes a template that was read.
var templates parsed

type parsed struct {
	mu   sync.Mutex
	text string
	last *template.Template
}

func (p *parsed) load(path string) (*template.Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != nil && p.text == string(text) {
		return p.last, nil
	}
	t, err := template.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p.text, p.last = string(text), t
	return t, nil
}
