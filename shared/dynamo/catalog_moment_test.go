package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A release that keeps no version changes rows alone, and may run beside this one while
// it is deployed.
func TestAnEarlierReleaseMayChangeTheCatalogMeanwhile(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	now := april
	s.cache.clock = func() time.Time { return now }
	earlier := func(price int64) {
		t.Helper()
		r := newRow(productKey(env, "pro", 1))
		r.setJSON("data", priced(1, price))
		put(t, s, r)
	}
	reads := func(what string, price int64, requests string) {
		t.Helper()
		var c *catalog.Catalog
		if got := asked(db, func() { c = freshCatalog(t, s) }); fmt.Sprint(got) != requests {
			t.Errorf("%s: %v, want %s", what, got, requests)
		}
		if got := c.Products["pro"][0].Items[0].Price; !got.Equal(money.Int(price)) {
			t.Errorf("%s: the price is %v, want %d", what, got, price)
		}
	}
	earlier(20)
	reads("a catalog without a version", 20, "[GetItem Query]")
	earlier(21)
	reads("a change by the earlier release", 21, "[GetItem Query]")
	must(t, s.Commit(t.Context(), env, app.SaveStripePrice{Key: "pr_1", StripeID: "price_1"}))
	reads("the first change that is counted", 21, "[GetItem Query]")
	now = now.Add(settled / 2)
	earlier(22)
	reads("half an hour later", 22, "[GetItem Query]")
	now = now.Add(settled/2 - time.Second)
	reads("a second before its hour is over", 22, "[GetItem Query]")
	earlier(23)
	now = now.Add(time.Second)
	reads("the first read after an hour", 23, "[GetItem Query]")
	reads("from then on", 23, "[GetItem]")
	earlier(24) // nobody does that any more
	now = now.Add(settled - time.Second)
	reads("within the next hour", 23, "[GetItem]")
	now = now.Add(time.Second)
	reads("a row that was changed by hand", 24, "[GetItem Query]")
}

// DynamoDB may show the version of a change before all of its rows. A process that reads
// at that moment sees the rows as soon as they are there, whether it knew the catalog or not.
func TestRowsThatAreBeingWrittenAreWaitedFor(t *testing.T) {
	t.Parallel()
	for what, writes := range catalogChanges {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			db, s := fresh(t)
			sold(t, s)
			freshCatalog(t, s)
			before := catalogRows(t, s)
			must(t, s.another().Commit(t.Context(), env, writes...))
			after := catalogRows(t, s)
			replace(t, s, after, before)
			cold := s.another()
			for range 2 {
				freshCatalog(t, s)
				freshCatalog(t, cold)
			}
			if got := asked(db, func() { freshCatalog(t, cold) }); fmt.Sprint(got) != "[GetItem Query]" {
				t.Errorf("it was taken for certain: %v", got)
			}
			replace(t, s, before, after)
			for _, reader := range []*Store{s, cold} {
				isCurrent(t, what, reader)
				if got := asked(db, func() { freshCatalog(t, reader) }); fmt.Sprint(got) != "[GetItem]" {
					t.Errorf("once all is written: %v", got)
				}
			}
		})
	}
}

func catalogRows(t *testing.T, s *Store) []row {
	t.Helper()
	rows, err := s.query(t.Context(), catalogPK(env), "", false)
	must(t, err)
	return rows
}

// replace puts other rows in the place of those of a catalog.
func replace(t *testing.T, s *Store, old, rows []row) {
	t.Helper()
	for _, r := range old {
		_, err := s.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.table, Key: key{catalogPK(env), r.text("SK")}.attributes()})
		must(t, err)
	}
	for _, r := range rows {
		put(t, s, r)
	}
}

// What a change is compared with is the last of those of its row.
func TestTheLastChangeOfARowIsWhatItMustShow(t *testing.T) {
	t.Parallel()
	pro := row{"SK": text("a"), "data": text("20")}
	held := row{"SK": text("a"), "data": text("20"), "held": flag(true)}
	dear := row{"SK": text("a"), "data": text("30"), "held": flag(true)}
	for _, tt := range []struct {
		changes []string
		shows   []row
		hides   []row
	}{
		{[]string{hashOf(pro) + "#a"}, []row{pro, held}, []row{nil, dear}},
		{[]string{"+#a"}, []row{held, dear}, []row{nil, pro}},
		{[]string{hashOf(pro) + "#a", "+#a"}, []row{held}, []row{nil, pro, dear}},
		{[]string{hashOf(pro) + "#a", "+#a", hashOf(dear) + "#a"}, []row{dear}, []row{nil, pro, held}},
		{[]string{hashOf(dear) + "#a", "+#a", hashOf(dear) + "#a", "+#a"}, []row{dear}, []row{held}},
		{[]string{hashOf(pro) + "#a", "-#a"}, []row{nil}, []row{pro, held}},
		{[]string{"+#a", "-#a", hashOf(pro) + "#a"}, []row{pro}, []row{nil, dear}},
	} {
		last := catalogVersion{changes: tt.changes}.last(len(tt.changes))
		for i, r := range append(slices.Clone(tt.shows), tt.hides...) {
			rows := []row{r}
			if r == nil {
				rows = nil
			}
			if got := shown(last, rows); got != (i < len(tt.shows)) {
				t.Errorf("%v: %v shows them: %v", tt.changes, r, got)
			}
		}
	}
}

// Back to a release without the version, forward again: the operator deletes its row first, and
// what the release of before changes until its last function is gone is seen at once.
func TestBackToAnEarlierReleaseAndForwardAgain(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	now := april
	s.cache.clock = func() time.Time { return now }
	sold(t, s)
	price := int64(20)
	earlier := func() {
		t.Helper()
		price++
		r := newRow(productKey(env, "pro", 1))
		r.setJSON("data", priced(1, price))
		put(t, s, r)
	}
	now = now.Add(24 * time.Hour)
	freshCatalog(t, s)
	now = now.Add(settled / 2)
	earlier()
	_, err := s.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.table, Key: catalogVersionKey(env).attributes()})
	must(t, err)
	processes := []*Store{s, s.another(), s.another()} // the first one slept through it
	seen := func(what string) {
		t.Helper()
		for i, p := range processes {
			if got := freshCatalog(t, p).Products["pro"][0].Items[0].Price; !got.Equal(money.Int(price)) {
				t.Errorf("%s: process %d reads a price of %v, want %d", what, i, got, price)
			}
		}
	}
	seen("forward again")
	for i := range 2 * recentChanges { // beyond what the version counted before
		earlier()
		seen("a change of before")
		must(t, processes[i%3].Commit(t.Context(), env, app.SaveStripePrice{Key: fmt.Sprint("pr_", i), StripeID: "price"}))
		seen("a change that is counted")
		now = now.Add(time.Minute)
	}
	earlier()
	seen("twenty minutes later")
	now = now.Add(2 * settled)
	seen("once it counts")
	must(t, processes[2].Commit(t.Context(), env, app.SaveProduct{Product: priced(1, 99)}))
	price = 99
	if got := asked(db, func() { freshCatalog(t, processes[1]) }); fmt.Sprint(got) != "[GetItem BatchGetItem]" {
		t.Errorf("from then on: %v", got)
	}
	seen("from then on")
}
