package attribute

import (
	"cmp"
	"slices"
)

// Kind is the type of an attribute value; 0 is none.
type Kind uint8

// The kinds, in the order of their names on the wire.
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

// String is the name of the kind on the wire.
func (k Kind) String() string { return kindNames[k] }

// KindOf finds the kind by its name on the wire, 0 when there is none.
func KindOf(name string) Kind {
	return Kind(max(0, slices.Index(kindNames[:], name)))
}

// IsSet tells whether values of the kind are sets.
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

// Equal tells whether two values are the same: numbers by amount, sets without
// regard to order.
func Equal(a, b Value) bool {
	return a.Kind == b.Kind && a.Truth == b.Truth && a.Text == b.Text &&
		slices.EqualFunc(a.Elements, b.Elements, Equal) && EqualItems(a.Fields, b.Fields)
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

// Less tells whether a comes before b; values without a common order never do.
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

// HasMember tells whether a set has the member.
func (v Value) HasMember(m Value) bool {
	_, found := slices.BinarySearchFunc(v.Elements, m, compareMembers)
	return found
}
