package storage

import (
	"slices"
	"strings"

	"windfall/local/dynamodb/attribute"
)

// Dump returns all items as text, one line each: the table's name, a tab, and
// the item as DynamoDB JSON with its attributes by name. Tables come by name and
// items by key, so equal stores give equal texts. Writes wait for it.
func (s *Store) Dump() string {
	defer s.lockAll()()
	var out []byte
	for _, t := range s.sorted() {
		var lines []*Record
		for r := range t.items.All(nil) {
			lines = append(lines, r)
		}
		slices.SortFunc(lines, func(a, b *Record) int {
			if order := strings.Compare(a.Partition, b.Partition); order != 0 {
				return order
			}
			return strings.Compare(a.Position, b.Position)
		})
		for _, r := range lines {
			out = append(append(out, t.Name...), '\t')
			out = append(attribute.AppendItem(out, r.Item()), '\n')
		}
	}
	return string(out)
}
