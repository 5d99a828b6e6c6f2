package dynamo

// Most rows of a catalog are as they were when it was read before. To parse
// their JSON is the larger part of a read, so what is unchanged to the letter
// is taken over. Nobody changes a catalog that was read.
type reading struct{ before, now map[string]parsedRow }

type parsedRow struct {
	text  string
	value any
}

// parsed is what the row's data means.
func parsed[T any](read *reading, r row) (T, error) {
	sk, text := r.text("SK"), r.text("data")
	if old, ok := read.before[sk]; ok && old.text == text {
		if value, ok := old.value.(T); ok {
			read.now[sk] = old
			return value, nil
		}
	}
	var value T
	err := r.json("data", &value)
	if err == nil {
		read.now[sk] = parsedRow{text, value}
	}
	return value, err
}
