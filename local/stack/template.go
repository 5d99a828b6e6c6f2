package stack

import (
	"sync"

	"windfall"
	"windfall/local/template"
)

// deployment is the template, read once: tests open hundreds of stacks with it.
// It must not be changed.
var deployment = sync.OnceValues(func() (*template.Template, error) { return template.Parse(windfall.Template) })
