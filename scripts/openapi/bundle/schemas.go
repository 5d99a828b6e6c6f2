package bundle

import (
	"fmt"
	"strings"
)

// addSchemas adds the schemas of a file.
func (b *bundler) addSchemas(source *object) error {
	for _, part := range []string{"requests", "answers"} {
		schemas := source.under(part)
		for _, name := range schemas.keys {
			in, ok := schemas.values[name].(*object)
			if !ok || in.text("description") == "" {
				return fmt.Errorf("%s: a schema has a description and fields", name)
			}
			if in.flag("partial") { // its fields are in those that extend it
				continue
			}
			out, err := b.record(in, part == "requests")
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if b.schemas.has(name) {
				return fmt.Errorf("%s: there are two schemas of this name", name)
			}
			b.schemas.set(name, out)
		}
	}
	if err := b.addOpen(source.under("requests")); err != nil {
		return err
	}
	raw := source.under("schemas")
	for _, name := range raw.keys {
		b.schemas.set(name, raw.values[name])
	}
	return nil
}

// addOpen adds a copy of each schema for the requests that ignore unknown fields at any
// depth, if one of them has it; its name ends in Open.
func (b *bundler) addOpen(requests *object) error {
	for _, name := range requests.keys {
		in := requests.under(name).copied()
		if in.flag("open") || !b.open[name] {
			continue
		}
		in.set("open", true)
		out, err := b.record(in, true)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		out.set("description", in.text("description")+" Fields that are not listed are ignored.")
		b.schemas.set(name+"Open", out)
	}
	return nil
}

// findOpen finds the schemas within the requests that ignore unknown fields.
func (b *bundler) findOpen() {
	b.open = map[string]bool{}
	requests := newObject()
	for _, source := range b.sources {
		for _, name := range source.under("requests").keys {
			requests.set(name, source.under("requests").under(name))
		}
	}
	var add func(name string)
	add = func(name string) {
		for _, v := range requests.under(name).under("fields").values {
			text, _ := v.(string)
			word, _, _ := strings.Cut(text, " ")
			if word = strings.TrimRight(word, "[]{}"); requests.has(word) && !requests.under(word).flag("open") && !b.open[word] {
				b.open[word] = true
				add(word)
			}
		}
	}
	for _, name := range requests.keys {
		if requests.under(name).flag("open") {
			add(name)
		}
	}
}

// record converts a request or an answer with its fields.
func (b *bundler) record(in *object, request bool) (*object, error) {
	b.within = in.flag("open")
	defer func() { b.within = false }()
	out := newObject("type", "object", "description", in.text("description"))
	properties, required := newObject(), []any{}
	add := func(fields *object) error {
		for _, key := range fields.keys {
			s, err := b.property(fields.values[key])
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			name, needed := field(key, request)
			if properties.has(name) { // instead of that which it extends
				continue
			}
			exact := in.flag("exact") || needed
			if t, ok := s.values["type"].(string); ok && strings.HasSuffix(t, "=") {
				s, exact = s.copied(), true
				s.set("type", strings.TrimSuffix(t, "="))
			}
			if request && needed && s.values["type"] == "string" && !s.has("minLength") {
				s.set("minLength", 1)
			}
			if request && !exact {
				s = orNull(s)
			}
			if needed {
				required = append(required, name)
			}
			properties.set(name, s)
		}
		return nil
	}
	if err := add(in.under("fields")); err != nil {
		return out, err
	}
	if base := in.text("extends"); base != "" {
		for _, source := range b.sources {
			if err := add(source.under("answers").under(base).under("fields")); err != nil {
				return out, err
			}
		}
	}
	if len(required) > 0 {
		out.set("required", required)
	}
	out.set("properties", properties)
	if !in.flag("open") {
		out.set("additionalProperties", false)
	}
	return out, nil
}

// field splits the key of a field into its name and whether it is always there.
func field(key string, request bool) (name string, needed bool) {
	if request {
		name, needed = strings.CutSuffix(key, "!")
		return name, needed
	}
	name, missing := strings.CutSuffix(key, "?")
	return name, !missing
}
