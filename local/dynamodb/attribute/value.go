package attribute

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is the type of an attribute value.
type Kind uint8

const (
	String Kind = iota + 1
	Number
	Binary
	Bool
	Null
	StringSet
	NumberSet
	BinarySet
	List
	Map
)

var kindNames = [...]string{"", "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"}

func (k Kind) String() string { return kindNames[k] }

// KindOf finds the kind by its name on the wire, 0 when there is none.
func KindOf(name string) Kind {
	return Kind(max(0, slices.Index(kindNames[:], name)))
}

func (k Kind) IsSet() bool { return k >= StringSet && k <= BinarySet }

// MemberKind is the kind of a set's members.
func (k Kind) MemberKind() Kind { return k - StringSet + String }

// Word is the kind of a key attribute in the service's messages.
func (k Kind) Word() string {
	switch k {
	case Binary:
		return "binary"
	case Number:
		return "number"
	default:
		return "string"
	}
}

// Value is one attribute value. Values are never changed once built, so items,
// index entries and answers share them freely.
type Value struct {
	Kind     Kind
	Truth    bool    // BOOL
	Text     string  // S; the bytes of B; N in its one canonical spelling
	Elements []Value // L in order; sets sorted and without duplicates
	Fields   Item    // M
}

// Item is a list of attributes, sorted by name, each name once.
type Item []Attribute

type Attribute struct {
	Name  string
	Value Value
}

func (it Item) find(name string) (int, bool) {
	return slices.BinarySearchFunc(it, name, func(a Attribute, name string) int {
		return strings.Compare(a.Name, name)
	})
}

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

// Equal tells whether two values are the same; numbers by what they are worth,
// sets without regard to order.
func Equal(a, b Value) bool {
	return a.Kind == b.Kind && a.Truth == b.Truth && a.Text == b.Text &&
		slices.EqualFunc(a.Elements, b.Elements, Equal) && EqualItems(a.Fields, b.Fields)
}

func EqualItems(a, b Item) bool {
	return slices.EqualFunc(a, b, func(x, y Attribute) bool {
		return x.Name == y.Name && Equal(x.Value, y.Value)
	})
}

// Compare orders two values of one kind that has an order (S, N, B).
func Compare(a, b Value) (order int, comparable bool) {
	if a.Kind != b.Kind || a.Kind > Binary {
		return 0, false
	}
	if a.Kind == Number {
		return compareNumbers(a.Text, b.Text), true
	}
	return cmp.Compare(a.Text, b.Text), true
}

// Less tells whether a comes before b; values of two kinds, or of one without an
// order, come in none.
func Less(a, b Value) bool {
	order, comparable := Compare(a, b)
	return comparable && order < 0
}

// NewSet sorts members; ok is false when two of them are the same.
func NewSet(k Kind, members []Value) (set Value, ok bool) {
	slices.SortFunc(members, compareMembers)
	for i := 1; i < len(members); i++ {
		if members[i].Text == members[i-1].Text {
			return Value{}, false
		}
	}
	return Value{Kind: k, Elements: members}, true
}

func compareMembers(a, b Value) int {
	order, _ := Compare(a, b)
	return order
}

func (v Value) HasMember(m Value) bool {
	_, found := slices.BinarySearchFunc(v.Elements, m, compareMembers)
	return found
}
