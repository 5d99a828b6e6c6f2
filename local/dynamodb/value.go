package dynamodb

import (
	"cmp"
	"slices"
	"strings"
)

// kind is the type of an attribute value.
type kind uint8

const (
	kindString kind = iota + 1
	kindNumber
	kindBinary
	kindBool
	kindNull
	kindStringSet
	kindNumberSet
	kindBinarySet
	kindList
	kindMap
)

var kindNames = [...]string{"", "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"}

func (k kind) String() string { return kindNames[k] }

// kindOf finds the kind by its name on the wire, 0 when there is none.
func kindOf(name string) kind {
	return kind(max(0, slices.Index(kindNames[:], name)))
}

func (k kind) isSet() bool { return k >= kindStringSet && k <= kindBinarySet }

// memberKind is the kind of a set's members.
func (k kind) memberKind() kind { return k - kindStringSet + kindString }

// word is the kind of a key attribute in the service's messages.
func (k kind) word() string {
	switch k {
	case kindBinary:
		return "binary"
	case kindNumber:
		return "number"
	default:
		return "string"
	}
}

// value is one attribute value. Values are never changed once built, so items,
// index entries and answers share them freely.
type value struct {
	kind     kind
	truth    bool    // BOOL
	text     string  // S; the bytes of B; N in its one canonical spelling
	elements []value // L in order; sets sorted and without duplicates
	fields   item    // M
}

// item is a list of attributes, sorted by name, each name once.
type item []attribute

type attribute struct {
	name  string
	value value
}

func (it item) find(name string) (int, bool) {
	return slices.BinarySearchFunc(it, name, func(a attribute, name string) int {
		return strings.Compare(a.name, name)
	})
}

func (it item) get(name string) (value, bool) {
	i, found := it.find(name)
	if !found {
		return value{}, false
	}
	return it[i].value, true
}

// with returns a copy that holds v under name.
func (it item) with(name string, v value) item {
	i, found := it.find(name)
	if found {
		changed := slices.Clone(it)
		changed[i].value = v
		return changed
	}
	return slices.Insert(slices.Clone(it), i, attribute{name, v})
}

// insert puts an attribute into the list itself, which must belong to the caller.
func (it item) insert(a attribute) item {
	at, found := it.find(a.name)
	if found {
		it[at] = a
		return it
	}
	it = append(it, a)
	copy(it[at+1:], it[at:])
	it[at] = a
	return it
}

// without returns a copy that has nothing under name.
func (it item) without(name string) item {
	i, found := it.find(name)
	if !found {
		return it
	}
	return slices.Delete(slices.Clone(it), i, i+1)
}

// equal tells whether two values are the same; numbers by what they are worth,
// sets without regard to order.
func equal(a, b value) bool {
	return a.kind == b.kind && a.truth == b.truth && a.text == b.text &&
		slices.EqualFunc(a.elements, b.elements, equal) && equalItems(a.fields, b.fields)
}

func equalItems(a, b item) bool {
	return slices.EqualFunc(a, b, func(x, y attribute) bool {
		return x.name == y.name && equal(x.value, y.value)
	})
}

// compare orders two values of one kind that has an order (S, N, B).
func compare(a, b value) (order int, comparable bool) {
	if a.kind != b.kind || a.kind > kindBinary {
		return 0, false
	}
	if a.kind == kindNumber {
		return compareNumbers(a.text, b.text), true
	}
	return cmp.Compare(a.text, b.text), true
}

// less tells whether a comes before b; values of two kinds, or of one without an
// order, come in none.
func less(a, b value) bool {
	order, comparable := compare(a, b)
	return comparable && order < 0
}

// newSet sorts members; ok is false when two of them are the same.
func newSet(k kind, members []value) (set value, ok bool) {
	slices.SortFunc(members, compareMembers)
	for i := 1; i < len(members); i++ {
		if members[i].text == members[i-1].text {
			return value{}, false
		}
	}
	return value{kind: k, elements: members}, true
}

func compareMembers(a, b value) int {
	order, _ := compare(a, b)
	return order
}

func (v value) hasMember(m value) bool {
	_, found := slices.BinarySearchFunc(v.elements, m, compareMembers)
	return found
}
