package dynamo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// A kind is one kind of row, declared in one file with all that concerns it:
// the place of its rows, the version of their form and how they are read. The
// writes that change them, with conditions, are methods of transaction below it.
type kind struct {
	name    string
	pk, sk  string // the form of its keys: text up to the first "<" is fixed
	version int64  // of the stored form; a form that old programs misread is the next

	// For rows in the partition of a customer: what they add to the state that
	// is read, and how they are deleted with the customer.
	state   func(*billing.State, row) error
	deleted func(table, app.DeleteRows) items

	// For rows in the partition of a catalog: what they add to it; how a draft is made
	// ready for their change; and how the one of an id, the end of its sort key, is taken
	// off it.
	catalog func(*catalog.Catalog, row, *reading) error
	own     func(draft *catalog.Catalog)
	without func(draft *catalog.Catalog, id string)
	looked  bool // … and whether what a catalog looked up is of these
}

// kinds are all kinds of rows by the name of their partition, filled before main
// begins.
var kinds = map[string][]*kind{}

// declare is called as the package begins, by the file that has the kind.
func declare(k kind) {
	name := partition(k.pk)
	kinds[name] = append(kinds[name], &k)
}

// declareAlone is declare for rows that are part of nothing else that is read, in the first
// version of their form.
func declareAlone(name, pk, sk string) { declare(kind{name: name, pk: pk, sk: sk, version: 1}) }

// partition is the name in a partition key: behind the environment, or in
// front where a row belongs to none.
func partition(pk string) string {
	first, rest, _ := strings.Cut(pk, "#")
	if first == globalPartition {
		return first
	}
	name, _, _ := strings.Cut(rest, "#")
	return name
}

// kindOf finds the kind of a row by its key; nil is none.
func kindOf(k key) *kind {
	for _, kind := range kinds[partition(k.PK)] {
		fixed, _, open := strings.Cut(kind.sk, "<")
		if k.SK == fixed || open && strings.HasPrefix(k.SK, fixed) {
			return kind
		}
	}
	return nil
}

// allKinds is every kind in the order of its keys' forms.
func allKinds() []*kind {
	var all []*kind
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		all = append(all, kinds[name]...)
	}
	slices.SortStableFunc(all, func(a, b *kind) int { return cmp.Or(strings.Compare(a.pk, b.pk), strings.Compare(a.sk, b.sk)) })
	return all
}

// formVersion is the attribute with the version of a row's form. newRow writes
// it, and so does the one expression that may make a row; known reads it. Keys
// read from an index are without it.
const formVersion = "v"

// known is an error unless the row has a form that this program can read.
func known(r row) error {
	pk, sk := r.text("PK"), r.text("SK")
	k := kindOf(key{pk, sk})
	if k == nil {
		return fmt.Errorf("row %s %s: no such kind of row", pk, sk)
	}
	if v := r.int(formVersion); v != k.version {
		return fmt.Errorf("row %s %s: a %s in version %d of its form; this program reads version %d", pk, sk, k.name, v, k.version)
	}
	return nil
}

// knownRows is the rows of an answer, all of them known.
func knownRows(answer []map[string]types.AttributeValue) ([]row, error) {
	rows := make([]row, len(answer))
	for i, item := range answer {
		if err := known(item); err != nil {
			return nil, err
		}
		rows[i] = item
	}
	return rows, nil
}
