package ui

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"time"

	"github.com/a-h/templ"
)

// slug is the id of an element that has a heading: of a kind, and by the heading.
func slug(kind, heading string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(heading)) // never fails
	return fmt.Sprintf("%s-%x", kind, h.Sum32())
}

func (f Field) choice(i int) string { return fmt.Sprintf("%s-%d", f.ID(), i) }

// All shows parts one after the other; nil ones are left out.
func All(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range parts {
			if p == nil {
				continue
			}
			if err := p.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// Editors shows a part to those who may change something.
func Editors(part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if !MayChange(ctx) {
			return nil
		}
		return part.Render(ctx, w)
	})
}

// A Fact is a line of a list of details.
type Fact struct {
	Name  string
	Value templ.Component
}

// A Tone is the tone of a status, beside its word.
type Tone string

const (
	Plain Tone = "plain"
	Good  Tone = "good"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

func stamp(t time.Time, layout string) string { return t.UTC().Format(layout) }
