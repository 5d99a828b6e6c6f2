package stack

import (
	"sync"

	"windfall"
	"windfall/local/template"
)

// deployment is the template, read once: a test opens hundreds of stacks over
// it. Nobody changes what was read.
var deployment = sync.OnceValues(func() (*template.Template, error) { return template.Parse(windfall.Template) })
