package dynamodb

import "encoding/base64"

// item reads a map of attribute values.
func (r *jsonReader) item() item { return r.fields(0) }

func (r *jsonReader) fields(depth int) item {
	read := make(item, 0, 4)
	r.object(func(name string) {
		if name == "" {
			r.fail(invalidValue("An attribute name must not be empty"))
			return
		}
		read = insertAttribute(read, attribute{name, r.value(depth)})
	})
	return read
}

// insertAttribute keeps the list sorted; SDKs send maps in no order.
func insertAttribute(it item, a attribute) item {
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

// value reads one attribute value at the given depth of nesting.
func (r *jsonReader) value(depth int) value {
	var read value
	types := 0
	r.object(func(name string) {
		types++
		read = r.valueOf(kindOf(name), depth)
	})
	switch {
	case types == 0:
		r.fail(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	case types > 1:
		r.fail(invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"))
	}
	return read
}

func (r *jsonReader) valueOf(k kind, depth int) value {
	switch k {
	case kindString, kindNumber, kindBinary:
		return r.scalar(k)
	case kindBool:
		return value{kind: kindBool, truth: r.boolean()}
	case kindNull:
		if !r.boolean() {
			r.fail(invalidValue("Null attribute value types must have the value of true"))
		}
		return value{kind: kindNull}
	case kindStringSet, kindNumberSet, kindBinarySet:
		return r.set(k)
	case kindList, kindMap:
		if depth >= maxNesting {
			r.fail(invalid("Nesting Levels have exceeded supported limits: Attributes cannot be nested deeper than %d levels", maxNesting))
			return value{}
		}
		if k == kindMap {
			return value{kind: kindMap, fields: r.fields(depth + 1)}
		}
		list := value{kind: kindList}
		r.array(func() { list.elements = append(list.elements, r.value(depth+1)) })
		return list
	}
	r.skip()
	r.fail(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	return value{}
}

func (r *jsonReader) scalar(k kind) value {
	text := r.text()
	switch k {
	case kindNumber:
		number, err := canonical(text)
		if err != nil {
			r.fail(err)
		}
		return value{kind: k, text: number}
	case kindBinary:
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			r.fail(malformed("Binary values must be base64"))
		}
		return value{kind: k, text: string(raw)}
	default: // texts are what they are
		return value{kind: k, text: text}
	}
}

func (r *jsonReader) set(k kind) value {
	var members []value
	r.array(func() { members = append(members, r.scalar(k.memberKind())) })
	if len(members) == 0 {
		r.fail(invalidValue("An %s set may not be empty", memberWord(k)))
		return value{}
	}
	set, ok := newSet(k, members)
	if !ok {
		r.fail(invalidValue("Input collection contains duplicates."))
	}
	return set
}

func memberWord(k kind) string {
	return [...]string{"string", "number", "binary"}[k-kindStringSet]
}
