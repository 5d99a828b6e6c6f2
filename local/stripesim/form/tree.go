package form

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// node is one level of a[b][c]: either a value or named children.
type node struct {
	value    string
	children map[string]*node
	next     int // number that the next "[]" gets
}

// parse turns form values into a tree.
func parse(values url.Values) (*node, error) {
	root := &node{}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, v := range values[name] {
			if err := root.set(name, v); err != nil {
				return nil, err
			}
		}
	}
	return root, nil
}

func (n *node) set(name, value string) error {
	at := n
	for _, part := range split(name) {
		if at.children == nil {
			at.children = map[string]*node{}
		}
		if part == "" {
			part = strconv.Itoa(at.next)
			at.next++
		}
		child := at.children[part]
		if child == nil {
			child = &node{}
			at.children[part] = child
		}
		at = child
	}
	if at.children != nil {
		return &Error{Message: "Invalid " + name, Param: name}
	}
	at.value = value
	return nil
}

// split cuts "a[b][0]" into a, b, 0.
func split(name string) []string {
	head, rest, nested := strings.Cut(name, "[")
	if !nested {
		return []string{name}
	}
	parts := []string{head}
	for _, p := range strings.Split(rest, "[") {
		parts = append(parts, strings.TrimSuffix(p, "]"))
	}
	return parts
}

// ordered are the children of an array in the order of their numbers, or false
// when the keys are no numbers.
func (n *node) ordered() ([]*node, []string, bool) {
	keys := make([]int, 0, len(n.children))
	for k := range n.children {
		i, err := strconv.Atoi(k)
		if err != nil {
			return nil, nil, false
		}
		keys = append(keys, i)
	}
	sort.Ints(keys)
	out := make([]*node, len(keys))
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = strconv.Itoa(k)
		out[i] = n.children[names[i]]
	}
	return out, names, true
}
