package expression

import (
	"cmp"
	"slices"

	"windfall/local/dynamodb/attribute"
)

// edit is one change to an item: a value to put at a path, or a removal.
type edit struct {
	path   Path
	value  attribute.Value
	remove bool
}

// inOrderOfEffect puts removals last and, among them, later list elements first,
// so that every index means the list as it was. Elements beyond the end of a
// list are appended in the order of their indexes.
func inOrderOfEffect(a, b edit) int {
	if a.remove != b.remove {
		if a.remove {
			return 1
		}
		return -1
	}
	if !a.remove {
		return comparePaths(a.path, b.path)
	}
	return comparePaths(b.path, a.path)
}

func comparePaths(a, b Path) int {
	return slices.CompareFunc(a, b, func(x, y step) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.index, y.index))
	})
}

// apply returns the item with the edit made.
func (e edit) apply(it attribute.Item) (attribute.Item, error) {
	name := e.path[0].name
	if len(e.path) == 1 {
		if e.remove {
			return it.Without(name), nil
		}
		return it.With(name, e.value), nil
	}
	inner, found := it.Get(name)
	if !found {
		return nil, errPath
	}
	changed, err := e.inside(inner, e.path[1:])
	if err != nil {
		return nil, err
	}
	return it.With(name, changed), nil
}

// inside returns the map or list v with the edit made at the rest of its path.
func (e edit) inside(v attribute.Value, rest Path) (attribute.Value, error) {
	s := rest[0]
	switch {
	case s.name != "" && v.Kind == attribute.Map:
		return e.insideMap(v, s.name, rest[1:])
	case s.name == "" && v.Kind == attribute.List:
		return e.insideList(v, s.index, rest[1:])
	}
	return attribute.Value{}, errPath
}

func (e edit) insideMap(v attribute.Value, name string, rest Path) (attribute.Value, error) {
	if len(rest) == 0 {
		if e.remove {
			return attribute.Value{Kind: attribute.Map, Fields: v.Fields.Without(name)}, nil
		}
		return attribute.Value{Kind: attribute.Map, Fields: v.Fields.With(name, e.value)}, nil
	}
	inner, found := v.Fields.Get(name)
	if !found {
		return attribute.Value{}, errPath
	}
	changed, err := e.inside(inner, rest)
	if err != nil {
		return attribute.Value{}, err
	}
	return attribute.Value{Kind: attribute.Map, Fields: v.Fields.With(name, changed)}, nil
}

func (e edit) insideList(v attribute.Value, index int, rest Path) (attribute.Value, error) {
	elements := slices.Clone(v.Elements)
	present := index < len(elements)
	switch {
	case len(rest) == 0 && e.remove && present:
		elements = slices.Delete(elements, index, index+1)
	case len(rest) == 0 && e.remove:
	case len(rest) == 0 && present:
		elements[index] = e.value
	case len(rest) == 0:
		elements = append(elements, e.value)
	case !present:
		return attribute.Value{}, errPath
	default:
		changed, err := e.inside(elements[index], rest)
		if err != nil {
			return attribute.Value{}, err
		}
		elements[index] = changed
	}
	return attribute.Value{Kind: attribute.List, Elements: elements}, nil
}
