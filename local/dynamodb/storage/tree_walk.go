package storage

import (
	"iter"
	"slices"
)

// ascend yields the entries from a key on, smallest first.
func (t *tree[V]) ascend(from string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		if t.root != nil {
			t.root.ascend(from, yield)
		}
	}
}

func (n *node[V]) ascend(from string, yield func(string, V) bool) bool {
	if n.children == nil {
		at, _ := slices.BinarySearch(n.keys, from)
		for ; at < len(n.keys); at++ {
			if !yield(n.keys[at], n.values[at]) {
				return false
			}
		}
		return true
	}
	for at := n.child(from); at < len(n.children); at++ {
		if !n.children[at].ascend(from, yield) {
			return false
		}
	}
	return true
}

// descend yields the entries below a key, largest first; all of them when
// below is nil.
func (t *tree[V]) descend(below *string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		if t.root != nil {
			t.root.descend(below, yield)
		}
	}
}

func (n *node[V]) descend(below *string, yield func(string, V) bool) bool {
	at := len(n.keys)
	if n.children == nil {
		if below != nil {
			at, _ = slices.BinarySearch(n.keys, *below)
		}
		for at--; at >= 0; at-- {
			if !yield(n.keys[at], n.values[at]) {
				return false
			}
		}
		return true
	}
	if below != nil {
		at = n.child(*below) + 1
	}
	for at--; at >= 0; at-- {
		if !n.children[at].descend(below, yield) {
			return false
		}
	}
	return true
}
