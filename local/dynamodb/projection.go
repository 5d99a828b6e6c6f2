package dynamodb

// parseProjection reads a ProjectionExpression.
func parseProjection(text string, given *placeholders) ([]path, error) {
	p := newParser("ProjectionExpression", text, given)
	p.list(func() { p.path() })
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p.paths, checkPaths("ProjectionExpression", p.paths)
}

// project returns what the paths lead to, in the shape it has in the item: maps
// keep the fields asked for, lists the elements asked for, in order. No paths
// stand for the whole item.
func project(it item, paths []path) item {
	if paths == nil {
		return it
	}
	return projectFields(it, paths)
}

func projectFields(it item, paths []path) item {
	kept := item{}
	for i := range it {
		rests, whole := below(paths, step{name: it[i].name})
		if whole {
			kept = append(kept, it[i])
		} else if v, some := projectValue(it[i].value, rests); some {
			kept = append(kept, attribute{it[i].name, v})
		}
	}
	return kept
}

// below picks the paths that begin with a step and cuts it off; whole tells that
// one of them ends there.
func below(paths []path, s step) (rests []path, whole bool) {
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

func projectValue(v value, paths []path) (value, bool) {
	switch {
	case len(paths) == 0:
		return value{}, false
	case v.kind == kindMap:
		fields := projectFields(v.fields, paths)
		return value{kind: kindMap, fields: fields}, len(fields) > 0
	case v.kind == kindList:
		elements := projectElements(v.elements, paths)
		return value{kind: kindList, elements: elements}, len(elements) > 0
	}
	return value{}, false
}

func projectElements(elements []value, paths []path) []value {
	var kept []value
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
