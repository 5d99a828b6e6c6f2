package dynamo

// Most rows of a catalog are as they were when it was read before. To parse
// their JSON is the larger part of a read, so what is unchanged to the letter
// is taken over. Nobody changes a catalog that was read.
type reading struct{ before, now map[string]parsedRow }

type parsedRow struct {
	text  string
	value any
}

// data is what the row's data means, read into a new value of its type or kept
// from before. The prefix of a sort key says the type.
func (r *reading) data(of row, into any) (any, error) {
	sk, text := of.text("SK"), of.text("data")
	if old, ok := r.before[sk]; ok && old.text == text {
		into = old.value
	} else if err := of.json("data", into); err != nil {
		return into, err
	}
	r.now[sk] = parsedRow{text, into}
	return into, nil
}
