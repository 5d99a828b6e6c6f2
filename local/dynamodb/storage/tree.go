package storage

import "slices"

// tree is a sorted map from text to V with all operations in O(log n): a B+
// tree whose leaves hold the entries. Nodes that run empty are taken out;
// half-empty ones are left alone, which keeps removal simple and costs at most
// a little memory.
type tree[V any] struct {
	root *node[V]
	size int
}

const nodeWidth = 64

type node[V any] struct {
	keys     []string   // of the entries; in an inner node the lower bound of each child but the first
	values   []V        // leaves only
	children []*node[V] // inner nodes only
}

// child is the position of the child for a key.
func (n *node[V]) child(key string) int {
	at, found := slices.BinarySearch(n.keys[1:], key)
	if found {
		return at + 1
	}
	return at
}

func (t *tree[V]) get(key string) (v V, found bool) {
	n := t.root
	if n == nil {
		return v, false
	}
	for n.children != nil {
		n = n.children[n.child(key)]
	}
	at, found := slices.BinarySearch(n.keys, key)
	if !found {
		return v, false
	}
	return n.values[at], true
}

func (t *tree[V]) set(key string, v V) {
	if t.root == nil {
		t.root = &node[V]{}
	}
	if t.root.set(key, v) {
		t.size++
	}
	if right := t.root.split(); right != nil {
		t.root = &node[V]{keys: []string{"", right.keys[0]}, children: []*node[V]{t.root, right}}
	}
}

// set tells whether key is new.
func (n *node[V]) set(key string, v V) bool {
	if n.children == nil {
		at, found := slices.BinarySearch(n.keys, key)
		if found {
			n.keys[at], n.values[at] = key, v // the old key may be a part of what it named
			return false
		}
		n.keys = slices.Insert(n.keys, at, key)
		n.values = slices.Insert(n.values, at, v)
		return true
	}
	at := n.child(key)
	added := n.children[at].set(key, v)
	if right := n.children[at].split(); right != nil {
		n.keys = slices.Insert(n.keys, at+1, right.keys[0])
		n.children = slices.Insert(n.children, at+1, right)
	}
	return added
}

// split cuts a node that has grown too wide and returns its right half.
func (n *node[V]) split() *node[V] {
	if len(n.keys) <= nodeWidth {
		return nil
	}
	// Keys mostly arrive in order: cutting behind the middle leaves fuller nodes.
	cut := nodeWidth * 3 / 4
	right := &node[V]{keys: slices.Clone(n.keys[cut:])}
	clear(n.keys[cut:])
	n.keys = n.keys[:cut]
	if n.children == nil {
		right.values = slices.Clone(n.values[cut:])
		clear(n.values[cut:])
		n.values = n.values[:cut]
		return right
	}
	right.children = slices.Clone(n.children[cut:])
	clear(n.children[cut:])
	n.children = n.children[:cut]
	return right
}

func (t *tree[V]) remove(key string) {
	if t.root == nil || !t.root.remove(key) {
		return
	}
	t.size--
	for len(t.root.children) == 1 {
		t.root = t.root.children[0]
	}
	if len(t.root.keys) == 0 {
		t.root = nil
	}
}

func (n *node[V]) remove(key string) bool {
	if n.children == nil {
		at, found := slices.BinarySearch(n.keys, key)
		if found {
			n.keys = slices.Delete(n.keys, at, at+1)
			n.values = slices.Delete(n.values, at, at+1)
		}
		return found
	}
	at := n.child(key)
	removed := n.children[at].remove(key)
	if len(n.children[at].keys) == 0 {
		n.keys = slices.Delete(n.keys, at, at+1)
		n.children = slices.Delete(n.children, at, at+1)
	}
	return removed
}

// clone is a copy of its own.
func (n *node[V]) clone() *node[V] {
	if n == nil {
		return nil
	}
	c := &node[V]{keys: slices.Clone(n.keys), values: slices.Clone(n.values)}
	if n.children != nil {
		c.children = make([]*node[V], len(n.children))
		for i, child := range n.children {
			c.children[i] = child.clone()
		}
	}
	return c
}
