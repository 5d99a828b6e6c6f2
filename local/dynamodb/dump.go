package dynamodb

import (
	"slices"
	"strings"
)

// dump returns all items as text, one line each: the table's name, a tab, and
// the item as DynamoDB JSON with its attributes by name. Tables come by name and
// items by key, so equal databases give equal texts. Nobody can write while it
// runs.
func (s *store) dump() string {
	defer s.lockAll()()
	var out []byte
	for _, t := range s.sorted() {
		var lines []*record
		for r := range t.items.all(nil) {
			lines = append(lines, r)
		}
		slices.SortFunc(lines, func(a, b *record) int {
			if order := strings.Compare(a.partition, b.partition); order != 0 {
				return order
			}
			return strings.Compare(a.position, b.position)
		})
		for _, r := range lines {
			out = append(append(out, t.name...), '\t')
			out = append(appendItem(out, r.attributes), '\n')
		}
	}
	return string(out)
}
