package storage

import (
	"iter"
	"slices"
)

// ascend yields the entries from a key on, smallest first.
func (t *tree) ascend(from string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		if t.root != nil {
			t.root.ascend(from, yield)
		}
	}
}

func (n *node) ascend(from string, yield func(entry) bool) bool {
	if n.children == nil {
		at, _ := n.find(from)
		for _, e := range n.entries[at:] {
			if !yield(e) {
				return false
			}
		}
		return true
	}
	for _, child := range n.children[n.child(from):] {
		if !child.ascend(from, yield) {
			return false
		}
	}
	return true
}

// descend yields the entries below a key, largest first; all of them when below is nil.
func (t *tree) descend(below *string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		if t.root != nil {
			t.root.descend(below, yield)
		}
	}
}

func (n *node) descend(below *string, yield func(entry) bool) bool {
	if n.children == nil {
		at := len(n.entries)
		if below != nil {
			at, _ = n.find(*below)
		}
		for _, e := range slices.Backward(n.entries[:at]) {
			if !yield(e) {
				return false
			}
		}
		return true
	}
	end := len(n.children)
	if below != nil {
		end = n.child(*below) + 1
	}
	for _, child := range slices.Backward(n.children[:end]) {
		if !child.descend(below, yield) {
			return false
		}
	}
	return true
}
