package dynamo

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// people makes customers of one name until there are n, each a second younger
// than the last.
func people(t *testing.T, s *Store, n int, there ...int) {
	t.Helper()
	for i := range n {
		if len(there) > 0 && i < there[0] {
			continue
		}
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: fmt.Sprintf("Ada-%03d", i),
			InternalID: fmt.Sprintf("cus_%02d", i), Name: "Ada", Email: fmt.Sprintf("ada%02d@x.io", i%3), CreatedAt: april.Add(time.Duration(i) * time.Second)}}))
	}
}

// A cursor that somebody made up is refused, or leads to a page of the same
// list: never to a failure, and never into another environment.
func TestForgedCursorsAreHarmless(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	people(t, s, 3)
	must(t, s.Commit(t.Context(), catalog.Live, app.SaveCustomer{Customer: billing.Customer{ID: "Ada-live", InternalID: "cus_live", CreatedAt: april}}))
	var real []string
	for _, search := range []string{"", "ada"} {
		page, _, err := s.Customers(t.Context(), env, app.CustomerQuery{Search: search, Cursor: "", Limit: 2})
		must(t, err)
		real = append(real, page[0].Cursor, page[1].Cursor)
	}
	rapid.Check(t, func(t *rapid.T) {
		cursor := rapid.OneOf(
			rapid.SampledFrom(real),
			rapid.String(),
			rapid.Map(rapid.Custom(func(t *rapid.T) customerPlace {
				return customerPlace{List: listMark(rapid.SampledFrom([]catalog.Env{env, catalog.Live}).Draw(t, "environment")), Search: rapid.SampledFrom([]string{"", "ada", "x"}).Draw(t, "search"), Index: rapid.IntRange(-1, 5).Draw(t, "index"),
					After: rapid.OneOf(rapid.String(), rapid.Map(rapid.String(), func(s string) string { return "ada" + s }),
						rapid.StringMatching(`[0-9]{15}#[a-z_0-9]{1,70}`)).Draw(t, "after")}
			}), customerPlace.cursor),
			rapid.Map(rapid.String(), func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }),
		).Draw(t, "cursor")
		search := rapid.SampledFrom([]string{"", "ada"}).Draw(t, "of a search for")
		page, _, err := s.Customers(context.Background(), env, app.CustomerQuery{Search: search, Cursor: cursor, Limit: 10})
		var known *refusal.Error
		if err != nil && (!errors.As(err, &known) || known.Reason != app.ReasonCursorOfAnotherList) {
			t.Fatalf("cursor %q: %v", cursor, err)
		}
		for _, entry := range page {
			if entry.Key == "Ada-live" {
				t.Fatalf("cursor %q shows a customer of another environment", cursor)
			}
		}
	})
}

// An entry that is a moment behind is told from the customer as it is now.
func TestAnEntryTellsWhetherItHolds(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	people(t, s, 1)
	now := billing.Customer{ID: "Ada-000", InternalID: "cus_00", Name: "Ada", Email: "ada00@x.io", CreatedAt: april}
	renamed, readdressed, another := now, now, now
	renamed.Name, readdressed.Email, another.InternalID = "Grace", "grace@x.io", "cus_99"
	for search, holds := range map[string][4]bool{"": {true, true, true, false}, "ada-": {true, true, true, false}, "ada00@": {true, true, false, false}} {
		var entry *app.Listed
		for cursor, n := "", 0; entry == nil && n < 5; n++ {
			page, next, err := s.Customers(t.Context(), env, app.CustomerQuery{Search: search, Cursor: cursor, Limit: 2})
			must(t, err)
			if cursor = next; len(page) == 1 {
				entry = &page[0]
			}
		}
		for i, c := range []billing.Customer{now, renamed, readdressed, another} {
			if got := entry.Holds(c); got != holds[i] {
				t.Errorf("search %q, customer %+v: holds is %v", search, c, got)
			}
		}
	}
}

// A search for what a great many are called by reads a part of them at a time.
func TestASearchFindsEveryoneOnce(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	people(t, s, 12)
	for _, limit := range []int{1, 5, 12, 50} {
		seen, cursor := map[string]int{}, ""
		for n := 0; ; n++ {
			page, next, err := s.Customers(t.Context(), env, app.CustomerQuery{Search: "ada", Cursor: cursor, Limit: limit})
			must(t, err)
			for _, entry := range page {
				seen[entry.Key]++
			}
			if cursor = next; next == "" || n > 50 {
				break
			}
		}
		if len(seen) != 12 {
			t.Errorf("limit %d: found %d of 12", limit, len(seen))
		}
		for key, n := range seen {
			if n > 1 {
				t.Errorf("limit %d: %s was found %d times", limit, key, n)
			}
		}
	}
}

// What a search takes depends on what it finds, not on how many there are.
func TestASearchIsCheapAmongMany(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	took := func(search string) (units float64) {
		db.Observe(func(_ local.Call, used local.Capacity) { units += used.Read })
		defer db.Observe(nil)
		for cursor, n := "", 0; n == 0 || cursor != ""; n++ {
			var err error
			if _, cursor, err = s.Customers(t.Context(), env, app.CustomerQuery{Search: search, Cursor: cursor, Limit: 11}); err != nil || n > 9 {
				t.Fatalf("%d requests: %v", n, err)
			}
		}
		return units
	}
	people(t, s, 3)
	few := took("ada-002")
	people(t, s, 600, 3)
	if many := took("ada-002"); many != few || many > 2 {
		t.Errorf("a search takes %v units among 3 customers, and %v among 600", few, many)
	}
}

// What is longer than a key can be is filed by its beginning.
func TestLongTextsAreFiled(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	long := strings.Repeat("Ⱥ", 1000) // two bytes, and three in lower case
	must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: "ada", InternalID: "cus_1", Name: long, Email: long + "@x.io", CreatedAt: april}}))
	var found []string
	for cursor, n := "", 0; n < 3; n++ {
		page, next, err := s.Customers(t.Context(), env, app.CustomerQuery{Search: billing.SearchText(long), Cursor: cursor, Limit: 5})
		must(t, err)
		for _, entry := range page {
			found = append(found, entry.Key)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if !slices.Equal(found, []string{"ada"}) {
		t.Errorf("found %q", found)
	}
}
