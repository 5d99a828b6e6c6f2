package dynamodb

import "encoding/base64"

// readItem reads a map of attribute values.
func readItem(r *jsonReader) item { return readFields(r, 0) }

func readFields(r *jsonReader, depth int) item {
	read := make(item, 0, 4)
	r.object(func(name string) {
		if name == "" {
			r.fail(invalidValue("An attribute name must not be empty"))
			return
		}
		read = read.insert(attribute{name, readNested(r, depth)})
	})
	return read
}

// readValue reads one attribute value.
func readValue(r *jsonReader) value { return readNested(r, 0) }

// readNested reads one attribute value inside so many lists and maps.
func readNested(r *jsonReader, depth int) value {
	var read value
	types := 0
	r.object(func(name string) {
		types++
		read = readKind(r, kindOf(name), depth)
	})
	switch {
	case types == 0:
		r.fail(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	case types > 1:
		r.fail(invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"))
	}
	return read
}

func readKind(r *jsonReader, k kind, depth int) value {
	switch k {
	case kindString, kindNumber, kindBinary:
		return readScalar(r, k)
	case kindBool:
		return value{kind: kindBool, truth: r.boolean()}
	case kindNull:
		if !r.boolean() {
			r.fail(invalidValue("Null attribute value types must have the value of true"))
		}
		return value{kind: kindNull}
	case kindStringSet, kindNumberSet, kindBinarySet:
		return readSet(r, k)
	case kindList, kindMap:
		if depth >= maxNesting {
			r.fail(invalid("Nesting Levels have exceeded supported limits: Attributes cannot be nested deeper than %d levels", maxNesting))
			return value{}
		}
		if k == kindMap {
			return value{kind: kindMap, fields: readFields(r, depth+1)}
		}
		list := value{kind: kindList}
		r.array(func() { list.elements = append(list.elements, readNested(r, depth+1)) })
		return list
	}
	r.skip()
	r.fail(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"))
	return value{}
}

func readScalar(r *jsonReader, k kind) value {
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

func readSet(r *jsonReader, k kind) value {
	var members []value
	r.array(func() { members = append(members, readScalar(r, k.memberKind())) })
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
