package dynamodb

// Sizes in bytes as the service counts them for its limits and for capacity:
// names and texts in UTF-8, numbers by their significant digits, one byte for
// BOOL and NULL, three for each list or map and one more for each element.

// maxNesting is how many lists and maps may lie inside each other.
const maxNesting = 32

func (it item) size() int {
	total := 0
	for i := range it {
		total += len(it[i].name) + it[i].value.size()
	}
	return total
}

func (v value) size() int {
	switch v.kind {
	case kindNumber:
		return numberSize(v.text)
	case kindBool, kindNull:
		return 1
	case kindList:
		return 3 + len(v.elements) + sizeOf(v.elements)
	case kindMap:
		return 3 + len(v.fields) + v.fields.size()
	case kindStringSet, kindNumberSet, kindBinarySet:
		return sizeOf(v.elements)
	default:
		return len(v.text)
	}
}

func sizeOf(values []value) int {
	total := 0
	for i := range values {
		total += values[i].size()
	}
	return total
}

// nesting is how many lists and maps lie inside each other, at most.
func (it item) nesting() int {
	deepest := 0
	for i := range it {
		deepest = max(deepest, it[i].value.nesting())
	}
	return deepest
}

func (v value) nesting() int {
	switch v.kind {
	case kindMap:
		return 1 + v.fields.nesting()
	case kindList:
		deepest := 0
		for i := range v.elements {
			deepest = max(deepest, v.elements[i].nesting())
		}
		return 1 + deepest
	default:
		return 0
	}
}
