package dynamo

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

var sameCatalog = cmp.Options{loosely, cmpopts.IgnoreUnexported(catalog.Catalog{})}

// another is a store of another process over the same table.
func (s *Store) another() *Store { return New(s.client, s.table, "usd", s.cache.clock, s.pause) }

// a tester is a test, or one of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

func freshCatalog(t tester, s *Store) *catalog.Catalog {
	t.Helper()
	c, err := s.Catalog(context.Background(), env, true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// isCurrent fails unless a store reads the catalog as a process does that never read it.
func isCurrent(t tester, what string, s *Store) {
	t.Helper()
	stored, read := freshCatalog(t, s.another()), freshCatalog(t, s)
	if diff := cmp.Diff(stored, read, sameCatalog) + cmp.Diff(lookedUp(stored), lookedUp(read)); diff != "" {
		t.Errorf("%s (-stored +read):\n%s", what, diff)
	}
}

// asked lists the requests of a call.
func asked(db *local.DB, call func()) (operations []string) {
	db.Observe(func(c local.Call, _ local.Capacity) { operations = append(operations, c.Operation) })
	defer db.Observe(nil)
	call()
	return operations
}

func priced(version int, price int64) catalog.Product {
	amount := money.Int(price)
	return catalog.Product{ID: "pro", Version: version, Items: []catalog.Item{{ID: "pr_1", Price: &amount}}}
}

// sold is a catalog that was made by this release from its first row on.
func sold(t tester, s *Store) {
	t.Helper()
	freshCatalog(t, s)
	for _, writes := range [][]app.Write{
		{app.SaveProduct{Product: priced(1, 20), New: true}, app.SaveFeature{Feature: catalog.Feature{ID: "messages"}, New: true}},
		{app.SaveProduct{Product: catalog.Product{ID: "old", Version: 1}, New: true}, app.SaveReward{Reward: catalog.Reward{ID: "gift", InternalID: "rew_1"}}},
		{app.SaveProgram{Program: catalog.ReferralProgram{ID: "invite"}}, app.SaveSettings{}},
	} {
		if err := s.Commit(context.Background(), env, writes...); err != nil {
			t.Fatal(err)
		}
	}
}

var catalogChanges = map[string][]app.Write{
	"a price":             {app.SaveProduct{Product: priced(1, 30)}},
	"a new version":       {app.SaveProduct{Product: priced(2, 30), New: true}},
	"an archived product": {app.SaveProduct{Product: catalog.Product{ID: "pro", Version: 1, Archived: true}, Held: true}},
	"a deleted product":   {app.DeleteProduct{ID: "old", Version: 1}},
	"a new product":       {app.SaveProduct{Product: catalog.Product{ID: "new", Version: 1}, New: true}},
	"a version in use":    {app.MarkVersionInUse{ProductID: "pro", Version: 1}},
	"a Stripe price":      {app.SaveStripePrice{Key: "pr_1", StripeID: "price_1"}},
	"a changed reward":    {app.SaveReward{Reward: catalog.Reward{ID: "gift", InternalID: "rew_1", Max: 5, Version: 1}}},
	"a deleted reward":    {app.DeleteReward{Reward: catalog.Reward{ID: "gift", InternalID: "rew_1"}}},
	"a changed program":   {app.SaveProgram{Program: catalog.ReferralProgram{ID: "invite", HoldDays: 3, Version: 1}}},
	"a deleted program":   {app.DeleteProgram{ID: "invite"}},
	"a changed feature":   {app.SaveFeature{Feature: catalog.Feature{ID: "messages", Name: "Messages"}}},
	"a deleted feature":   {app.DeleteFeature{ID: "messages"}},
	"changed settings":    {app.SaveSettings{Settings: catalog.Settings{KeepAccessWhenPastDue: true, Version: 1}}},
}

// What another process changed is in the next fresh read, which is one request for the
// version and one for the rows; without a change it is the version alone.
func TestNoChangeOfACatalogIsMissed(t *testing.T) {
	t.Parallel()
	for what, writes := range catalogChanges {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			db, s := fresh(t)
			sold(t, s)
			before := freshCatalog(t, s)
			kept := freshCatalog(t, s.another())
			if got := asked(db, func() { freshCatalog(t, s) }); fmt.Sprint(got) != "[GetItem]" {
				t.Errorf("without a change: %v", got)
			}
			must(t, s.another().Commit(t.Context(), env, writes...))
			if got := asked(db, func() { freshCatalog(t, s) }); fmt.Sprint(got) != "[GetItem BatchGetItem]" {
				t.Errorf("after it: %v", got)
			}
			isCurrent(t, what, s)
			if cmp.Diff(before, freshCatalog(t, s), sameCatalog) == "" {
				t.Error("it changes nothing: the test proves nothing")
			}
			if diff := cmp.Diff(kept, before, sameCatalog); diff != "" {
				t.Errorf("a catalog that was read before changed:\n%s", diff)
			}
		})
	}
}

// Any number of changes of any kind, by any number of processes, between any reads.
func TestACatalogIsReadAsItIsAfterAnyChanges(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	sold(t, s)
	id := 0
	rapid.Check(t, func(t *rapid.T) {
		reader := s.another()
		freshCatalog(t, reader)
		for range rapid.IntRange(1, 3).Draw(t, "reads") {
			for range rapid.SampledFrom([]int{0, 1, 1, 2, 2, 5, recentChanges + 1}).Draw(t, "changes") {
				writer := rapid.SampledFrom([]*Store{s, reader, s.another()}).Draw(t, "writer")
				freshCatalog(t, writer)
				id++
				var w app.Write
				switch rapid.IntRange(0, 4).Draw(t, "kind") {
				case 0:
					w = app.SaveStripePrice{Key: fmt.Sprint("pr_", id%9), StripeID: fmt.Sprint(id)}
				case 1:
					w = app.SaveProduct{Product: catalog.Product{ID: "many", Version: id}, New: true}
				case 2:
					w = app.SaveFeature{Feature: catalog.Feature{ID: "messages", Name: fmt.Sprint(id), EventNames: []string{"call", "message"}[id%2 : 1+id%2]}}
				case 3:
					versions := freshCatalog(t, writer).Products["many"]
					if len(versions) == 0 {
						continue
					}
					w = app.DeleteProduct{ID: "many", Version: versions[id%len(versions)].Version}
				default:
					versions := freshCatalog(t, writer).Products["many"]
					if len(versions) == 0 {
						continue
					}
					last := versions[id%len(versions)]
					last.Name = fmt.Sprint(id)
					w = app.SaveProduct{Product: last}
				}
				if err := writer.Commit(context.Background(), env, w); err != nil {
					t.Fatal(err)
				}
			}
			isCurrent(t, "a reader", reader)
		}
	})
	r, err := s.get(t.Context(), catalogVersionKey(env))
	must(t, err)
	if n := len(r.texts("changed")) + len(r.texts("earlier")); n > 2*recentChanges {
		t.Errorf("the version names %d changes", n)
	}
}

// Processes that sell something for the first time at one moment wait for each other, and
// none is refused.
func TestChangesAtOneMomentAreAllCounted(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	sold(t, s)
	version := func() int64 {
		v, err := s.catalogVersion(t.Context(), env)
		must(t, err)
		return v.n
	}
	before := version()
	struck := map[string]int{}
	db.SetFault(func(c local.Call) local.Fault {
		last := len(c.Keys) - 1
		if c.Operation != "TransactWriteItems" || struck[c.Keys[0].Sort] >= 3 {
			return local.Fault{}
		}
		if c.Keys[last].Sort != versionSK {
			t.Errorf("the version does not move with %v", c.Keys)
		}
		struck[c.Keys[0].Sort]++
		return local.Fault{Kind: local.FaultConflict, Items: []int{last}}
	})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := s.another().Commit(context.Background(), env, app.SaveStripePrice{Key: fmt.Sprint("pr_", i), StripeID: "price"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	db.SetFault(nil)
	if got := version() - before; got != 20 {
		t.Errorf("%d changes are counted", got)
	}
	isCurrent(t, "20 Stripe prices", s)
}

// A change that its condition refused shows what was known to be wrong: all is read again.
func TestARefusedChangeReadsTheCatalogAnew(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	sold(t, s)
	freshCatalog(t, s)
	must(t, s.another().Commit(t.Context(), env, app.SaveProduct{Product: priced(2, 30), New: true}))
	stale(t, s.Commit(t.Context(), env, app.SaveProduct{Product: priced(2, 25), New: true}))
	if got := asked(db, func() { freshCatalog(t, s) }); got[1] != "Query" {
		t.Errorf("%v", got)
	}
	isCurrent(t, "the next version", s)
}

// The writer of a change sees it at once, also where no money depends on the catalog; a
// process that only shows it sees it after ten seconds, by its version.
func TestACatalogIsShownTenSecondsLongWithoutARead(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	now := april
	s.cache.clock = func() time.Time { return now }
	sold(t, s)
	freshCatalog(t, s)
	price := func() string {
		c, err := s.Catalog(t.Context(), env, false)
		must(t, err)
		return c.Products["pro"][0].Items[0].Price.String()
	}
	must(t, s.Commit(t.Context(), env, app.SaveProduct{Product: priced(1, 25)}))
	if got := price(); got != "25" {
		t.Errorf("its own change: %s", got)
	}
	must(t, s.another().Commit(t.Context(), env, app.SaveProduct{Product: priced(1, 30)}))
	now = now.Add(catalogAge - time.Second)
	if got := asked(db, func() { price() }); len(got) > 0 {
		t.Errorf("after nine seconds: %v", got)
	}
	now = now.Add(time.Second)
	if got := price(); got != "30" {
		t.Errorf("after ten seconds: %s", got)
	}
	now = now.Add(catalogAge)
	if got := asked(db, func() { price() }); fmt.Sprint(got) != "[GetItem]" {
		t.Errorf("after ten more: %v", got)
	}
}

// Without its version row a catalog is read as that of an earlier release.
func TestAVersionThatWasDeletedIsNotMissed(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	sold(t, s)
	freshCatalog(t, s)
	_, err := s.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.table, Key: catalogVersionKey(env).attributes()})
	must(t, err)
	for i := range 10 {
		must(t, s.another().Commit(t.Context(), env, app.SaveProduct{Product: priced(1, int64(30+i))}))
		isCurrent(t, fmt.Sprint("change ", i), s)
	}
}

// However many changes there were, one who is a few behind reads those alone.
func TestTheLastChangesAreAlwaysNamed(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	sold(t, s)
	writer := s.another()
	freshCatalog(t, s)
	for i := range 4 * recentChanges {
		freshCatalog(t, writer)
		must(t, writer.Commit(t.Context(), env, app.SaveStripePrice{Key: fmt.Sprint("pr_", i), StripeID: "price"}))
		if i%5 > 0 {
			continue
		}
		if got := asked(db, func() { freshCatalog(t, s) }); fmt.Sprint(got) != "[GetItem BatchGetItem]" {
			t.Fatalf("after change %d: %v", i, got)
		}
	}
	isCurrent(t, "the last of them", s)
}
