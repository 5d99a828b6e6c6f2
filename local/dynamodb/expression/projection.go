package expression

import "windfall/local/dynamodb/attribute"

// ParseProjection reads a ProjectionExpression. It fails with a
// ValidationException, as all parsers here do.
func ParseProjection(text string, given *Placeholders) ([]Path, error) {
	p := newParser("ProjectionExpression", text, given)
	p.list(func() { p.path() })
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p.paths, checkPaths("ProjectionExpression", p.paths)
}

// Project keeps the values at the paths, in their shape within the item: maps
// keep the requested fields, lists the requested elements, in order. No paths
// stand for the whole item.
func Project(it attribute.Item, paths []Path) attribute.Item {
	if paths == nil {
		return it
	}
	return projectFields(it, paths)
}

func projectFields(it attribute.Item, paths []Path) attribute.Item {
	kept := attribute.Item{}
	for i := range it {
		rests, whole := below(paths, step{name: it[i].Name})
		if whole {
			kept = append(kept, it[i])
		} else if v, some := projectValue(it[i].Value, rests); some {
			kept = append(kept, attribute.Attribute{Name: it[i].Name, Value: v})
		}
	}
	return kept
}

// below picks the paths that begin with a step and cuts it off; whole tells that
// one of them ends there.
func below(paths []Path, s step) (rests []Path, whole bool) {
	for _, p := range paths {
		if p[0] != s {
			continue
		}
		if len(p) == 1 {
			return nil, true
		}
		rests = append(rests, p[1:])
	}
	return rests, false
}

func projectValue(v attribute.Value, paths []Path) (attribute.Value, bool) {
	switch {
	case len(paths) == 0:
		return attribute.Value{}, false
	case v.Kind == attribute.Map:
		fields := projectFields(v.Fields, paths)
		return attribute.Value{Kind: attribute.Map, Fields: fields}, len(fields) > 0
	case v.Kind == attribute.List:
		elements := projectElements(v.Elements, paths)
		return attribute.Value{Kind: attribute.List, Elements: elements}, len(elements) > 0
	}
	return attribute.Value{}, false
}

func projectElements(elements []attribute.Value, paths []Path) []attribute.Value {
	var kept []attribute.Value
	for i := range elements {
		rests, whole := below(paths, step{index: i})
		if whole {
			kept = append(kept, elements[i])
		} else if v, some := projectValue(elements[i], rests); some {
			kept = append(kept, v)
		}
	}
	return kept
}
