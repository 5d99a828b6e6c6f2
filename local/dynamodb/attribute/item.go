package attribute

import (
	"slices"
	"strings"
)

// Item is a list of attributes, sorted by name, each name once.
type Item []Attribute

// Attribute is a value under its name.
type Attribute struct {
	Name  string
	Value Value
}

func (it Item) find(name string) (int, bool) {
	return slices.BinarySearchFunc(it, name, func(a Attribute, name string) int {
		return strings.Compare(a.Name, name)
	})
}

// Get finds the value under name.
func (it Item) Get(name string) (Value, bool) {
	i, found := it.find(name)
	if !found {
		return Value{}, false
	}
	return it[i].Value, true
}

// With returns a copy that holds v under name.
func (it Item) With(name string, v Value) Item {
	i, found := it.find(name)
	if found {
		changed := slices.Clone(it)
		changed[i].Value = v
		return changed
	}
	return slices.Insert(slices.Clone(it), i, Attribute{name, v})
}

// Insert puts an attribute into the list itself, which must belong to the caller.
func (it Item) Insert(a Attribute) Item {
	at, found := it.find(a.Name)
	if found {
		it[at] = a
		return it
	}
	it = append(it, a)
	copy(it[at+1:], it[at:])
	it[at] = a
	return it
}

// Without returns a copy that has nothing under name.
func (it Item) Without(name string) Item {
	i, found := it.find(name)
	if !found {
		return it
	}
	return slices.Delete(slices.Clone(it), i, i+1)
}

// EqualItems tells whether two items have the same attributes.
func EqualItems(a, b Item) bool {
	return slices.EqualFunc(a, b, func(x, y Attribute) bool {
		return x.Name == y.Name && Equal(x.Value, y.Value)
	})
}
