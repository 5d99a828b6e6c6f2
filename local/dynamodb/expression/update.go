package expression

import (
	"slices"

	"windfall/local/dynamodb/attribute"
)

// Update is a parsed update expression.
type Update struct {
	sets    []assignment
	removes []Path
	adds    []memberChange // ADD
	deletes []memberChange // DELETE
}

// assignment is one SET action.
type assignment struct {
	path Path
	from expression
}

// memberChange adds a number or the members of a set, or takes members away.
type memberChange struct {
	path  Path
	value attribute.Value
}

// Targets are the paths that the update writes to.
func (u *Update) Targets() []Path {
	var all []Path
	for _, s := range u.sets {
		all = append(all, s.path)
	}
	all = append(all, u.removes...)
	for _, m := range u.adds {
		all = append(all, m.path)
	}
	for _, m := range u.deletes {
		all = append(all, m.path)
	}
	return all
}

// Touched keeps the attributes that the update writes to or into.
func (u *Update) Touched(it attribute.Item) attribute.Item {
	var names []Path
	for _, target := range u.Targets() {
		names = append(names, target[:1])
	}
	return projectFields(it, names)
}

// Apply returns the item as the update leaves it. All values are computed from
// the old item first; if one cannot be, nothing is changed. The edits are made to
// base: the old item, or the bare key of an item that is not there yet.
func (u *Update) Apply(old, base attribute.Item) (attribute.Item, error) {
	edits, err := u.edits(old)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(edits, inOrderOfEffect)
	updated := base
	for _, e := range edits {
		if updated, err = e.apply(updated); err != nil {
			return nil, err
		}
	}
	return updated, nil
}

// edits are the changes to the old item, with all values computed.
func (u *Update) edits(old attribute.Item) ([]edit, error) {
	edits := make([]edit, 0, len(u.sets)+len(u.removes)+len(u.adds)+len(u.deletes))
	for _, s := range u.sets {
		v, err := s.from.value(old)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit{path: s.path, value: v})
	}
	for _, p := range u.removes {
		edits = append(edits, edit{path: p, remove: true})
	}
	for _, m := range u.adds {
		present, found := m.path.in(old)
		v, err := m.addTo(present, found)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit{path: m.path, value: v})
	}
	for _, m := range u.deletes {
		present, found := m.path.in(old)
		if !found {
			if !m.path.reachable(old) {
				return nil, errPath
			}
			continue
		}
		left, some, err := m.takeFrom(present)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit{path: m.path, value: left, remove: !some})
	}
	return edits, nil
}
