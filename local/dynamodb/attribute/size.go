package attribute

// Sizes in bytes as the service counts them for its limits and for capacity:
// names and texts in UTF-8, numbers by their significant digits, one byte for
// BOOL and NULL, three for each list or map and one more for each element.

// MaxNesting is the greatest depth of lists and maps inside each other.
const MaxNesting = 32

// Size is the size of the item in bytes.
func (it Item) Size() int {
	total := 0
	for i := range it {
		total += len(it[i].Name) + it[i].Value.size()
	}
	return total
}

func (v Value) size() int {
	switch v.Kind {
	case Number:
		return numberSize(v.Text)
	case Bool, Null:
		return 1
	case List:
		return 3 + len(v.Elements) + sizeOf(v.Elements)
	case Map:
		return 3 + len(v.Fields) + v.Fields.Size()
	case StringSet, NumberSet, BinarySet:
		return sizeOf(v.Elements)
	default:
		return len(v.Text)
	}
}

func sizeOf(values []Value) int {
	total := 0
	for i := range values {
		total += values[i].size()
	}
	return total
}

// Nesting is the depth of lists and maps inside each other.
func (it Item) Nesting() int {
	deepest := 0
	for i := range it {
		deepest = max(deepest, it[i].Value.nesting())
	}
	return deepest
}

func (v Value) nesting() int {
	switch v.Kind {
	case Map:
		return 1 + v.Fields.Nesting()
	case List:
		deepest := 0
		for i := range v.Elements {
			deepest = max(deepest, v.Elements[i].nesting())
		}
		return 1 + deepest
	default:
		return 0
	}
}
