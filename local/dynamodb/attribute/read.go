package attribute

import (
	"encoding/base64"

	"windfall/local/dynamodb/protocol"
)

// ReadItem reads a map of attribute values. Errors stick to the reader.
func ReadItem(r *protocol.Reader) Item { return readFields(r, 0) }

func readFields(r *protocol.Reader, depth int) Item {
	read := make(Item, 0, 8)
	r.Object(func(name string) {
		if name == "" {
			r.Fail(protocol.InvalidValue("An attribute name must not be empty"))
			return
		}
		read = read.Insert(Attribute{name, readNested(r, depth)})
	})
	return read
}

// ReadValue reads one attribute value. Errors stick to the reader.
func ReadValue(r *protocol.Reader) Value { return readNested(r, 0) }

// readNested reads one attribute value inside so many lists and maps.
func readNested(r *protocol.Reader, depth int) Value {
	var read Value
	types := 0
	r.Object(func(name string) {
		types++
		read = readKind(r, KindOf(name), depth)
	})
	switch {
	case types == 0:
		r.Fail(protocol.Invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	case types > 1:
		r.Fail(protocol.Invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"))
	}
	return read
}

func readKind(r *protocol.Reader, k Kind, depth int) Value {
	switch k {
	case String, Number, Binary:
		return readScalar(r, k)
	case Bool:
		return Value{Kind: Bool, Truth: r.Boolean()}
	case Null:
		if !r.Boolean() {
			r.Fail(protocol.InvalidValue("Null attribute value types must have the value of true"))
		}
		return Value{Kind: Null}
	case StringSet, NumberSet, BinarySet:
		return readSet(r, k)
	case List, Map:
		if depth >= MaxNesting {
			r.Fail(protocol.Invalid("Nesting Levels have exceeded supported limits: Attributes cannot be nested deeper than %d levels", MaxNesting))
			return Value{}
		}
		if k == Map {
			return Value{Kind: Map, Fields: readFields(r, depth+1)}
		}
		list := Value{Kind: List}
		r.Array(func() { list.Elements = append(list.Elements, readNested(r, depth+1)) })
		return list
	}
	r.Skip()
	r.Fail(protocol.Invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	return Value{}
}

func readScalar(r *protocol.Reader, k Kind) Value {
	text := r.Text()
	switch k {
	case Number:
		number, err := canonical(text)
		if err != nil {
			r.Fail(err)
		}
		return Value{Kind: k, Text: number}
	case Binary:
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			r.Fail(protocol.Malformed("Binary values must be base64"))
		}
		return Value{Kind: k, Text: string(raw)}
	default: // texts stay as they are
		return Value{Kind: k, Text: text}
	}
}

func readSet(r *protocol.Reader, k Kind) Value {
	var members []Value
	r.Array(func() { members = append(members, readScalar(r, k.MemberKind())) })
	if len(members) == 0 {
		r.Fail(protocol.InvalidValue("An %s set may not be empty", memberWord(k)))
		return Value{}
	}
	set, ok := NewSet(k, members)
	if !ok {
		r.Fail(protocol.InvalidValue("Input collection contains duplicates."))
	}
	return set
}

func memberWord(k Kind) string {
	return [...]string{"string", "number", "binary"}[k-StringSet]
}
