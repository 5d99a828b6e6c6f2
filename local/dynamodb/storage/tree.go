package storage

import (
	"encoding/binary"
	"slices"
	"strings"

	"windfall/local/squeeze"
)

// An entry is a key and what is packed under it, as one text: there are many, and a
// second text would take 16 bytes more. It begins with the length of the key.
type entry string

func newEntry(key, packed string) entry {
	text := binary.AppendUvarint(make([]byte, 0, len(key)+len(packed)+2), uint64(len(key)))
	return entry(append(append(text, key...), packed...))
}

func (e entry) split() (key, packed string) {
	n, rest := squeeze.Number(string(e))
	return rest[:n], rest[n:]
}

func (e entry) key() string { key, _ := e.split(); return key }

// tree is a sorted set of entries with all operations in O(log n): a B+ tree whose
// leaves hold the entries. Nodes that run empty are taken out; half-empty ones are
// left alone, which keeps removal simple and costs at most a little memory.
type tree struct {
	root *node
	size int
}

const nodeWidth = 64

type node struct {
	entries  []entry  // leaves only
	keys     []string // inner nodes only: the lower bound of each child but the first
	children []*node  // inner nodes only
}

// child is the position of the child for a key.
func (n *node) child(key string) int {
	at, found := slices.BinarySearch(n.keys[1:], key)
	if found {
		return at + 1
	}
	return at
}

// find is the position of a key in a leaf.
func (n *node) find(key string) (at int, found bool) {
	return slices.BinarySearchFunc(n.entries, key, func(e entry, key string) int { return strings.Compare(e.key(), key) })
}

func (t *tree) get(key string) (e entry, found bool) {
	n := t.root
	if n == nil {
		return "", false
	}
	for n.children != nil {
		n = n.children[n.child(key)]
	}
	at, found := n.find(key)
	if !found {
		return "", false
	}
	return n.entries[at], true
}

func (t *tree) set(e entry) {
	if t.root == nil {
		t.root = &node{}
	}
	if t.root.set(e.key(), e) {
		t.size++
	}
	if right := t.root.split(); right != nil {
		t.root = &node{keys: []string{"", right.bound()}, children: []*node{t.root, right}}
	}
}

// set tells whether key is new.
func (n *node) set(key string, e entry) bool {
	if n.children == nil {
		at, found := n.find(key)
		if found {
			n.entries[at] = e
			return false
		}
		n.entries = slices.Insert(n.entries, at, e)
		return true
	}
	at := n.child(key)
	added := n.children[at].set(key, e)
	if right := n.children[at].split(); right != nil {
		n.keys = slices.Insert(n.keys, at+1, right.bound())
		n.children = slices.Insert(n.children, at+1, right)
	}
	return added
}

// bound is the lowest key of a node; it is no part of an entry.
func (n *node) bound() string {
	if n.children != nil {
		return n.keys[0]
	}
	return strings.Clone(n.entries[0].key())
}

// Keys mostly arrive in order: cutting behind the middle leaves fuller nodes.
const cutAt = nodeWidth * 3 / 4

// split cuts a node that has grown too wide and returns its right half.
func (n *node) split() *node {
	right := &node{}
	switch {
	case len(n.entries) > nodeWidth:
		n.entries, right.entries = cut(n.entries)
	case len(n.keys) > nodeWidth:
		n.keys, right.keys = cut(n.keys)
		n.children, right.children = cut(n.children)
	default:
		return nil
	}
	return right
}

func cut[T any](all []T) (left, right []T) {
	right = slices.Clone(all[cutAt:])
	clear(all[cutAt:])
	return all[:cutAt], right
}

func (t *tree) remove(key string) {
	if t.root == nil || !t.root.remove(key) {
		return
	}
	t.size--
	for len(t.root.children) == 1 {
		t.root = t.root.children[0]
	}
	if t.root.empty() {
		t.root = nil
	}
}

func (n *node) empty() bool { return len(n.entries) == 0 && len(n.children) == 0 }

func (n *node) remove(key string) bool {
	if n.children == nil {
		at, found := n.find(key)
		if found {
			n.entries = slices.Delete(n.entries, at, at+1)
		}
		return found
	}
	at := n.child(key)
	removed := n.children[at].remove(key)
	if n.children[at].empty() {
		n.keys = slices.Delete(n.keys, at, at+1)
		n.children = slices.Delete(n.children, at, at+1)
	}
	return removed
}

// clone is a copy of its own.
func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := &node{entries: slices.Clone(n.entries), keys: slices.Clone(n.keys)}
	for _, child := range n.children {
		c.children = append(c.children, child.clone())
	}
	return c
}
