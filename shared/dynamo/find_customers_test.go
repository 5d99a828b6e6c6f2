package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// seeker finds as the dashboard does, and counts the requests.
func seeker(t *testing.T, s *Store) func(text, cursor string, limit int) (app.FoundCustomers, int64) {
	a := &app.App{Store: s}
	return func(text, cursor string, limit int) (app.FoundCustomers, int64) {
		t.Helper()
		m := &app.Meter{}
		found, err := a.FindCustomers(app.WithMeter(t.Context(), m), app.Caller{Env: env, Now: april}, text, cursor, limit)
		must(t, err)
		return found, m.DynamoRequests.Load()
	}
}

func idsOf(found app.FoundCustomers) (ids []string) {
	for _, c := range found.Customers {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestCustomersAreFound(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i, c := range []billing.Customer{
		{ID: "Ada-1", Name: "Ada Lovelace", Email: "countess@x.io"}, {ID: "bob", Name: "Bob", Email: "ADA@y.io"},
		{ID: "grace", Name: "Émile", Email: "grace@x.io"}, {Email: "new@x.io"}, {ID: "%2F../<b>", Name: "<b>bold</b>"},
	} {
		c.InternalID, c.CreatedAt = fmt.Sprintf("cus_%d", i), april.Add(time.Duration(i)*time.Second)
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: c}))
	}
	must(t, s.Commit(t.Context(), env, app.LinkStripe{StripeID: "cus_Str1pe", Key: "grace", InternalID: "cus_2"},
		app.NewReferralCode{Code: catalog.ReferralCode{Code: "4EXWV2", ProgramID: "signup", OwnerID: "bob", InternalID: "cus_1"}},
		app.SavePromoCode{Placement: reward.Placement{Code: reward.PromoCode{Code: "FALL25", RewardID: "rew_1"}}}))
	must(t, s.Commit(t.Context(), catalog.Live, app.SaveCustomer{Customer: billing.Customer{ID: "liz", InternalID: "cus_9", Name: "Ada", CreatedAt: april}}))
	find := seeker(t, s)
	for _, tt := range []struct {
		text, key, promotion string
		ids                  []string
		requests             int64
	}{
		{text: "", ids: []string{"%2F../<b>", "", "grace", "bob", "Ada-1"}, requests: 2},
		{text: "ada", ids: []string{"bob", "Ada-1"}, requests: 3},
		{text: "  ADA l ", ids: []string{"Ada-1"}, requests: 3},
		{text: "émi", ids: []string{"grace"}, requests: 3}, {text: "ÉMI", ids: []string{"grace"}, requests: 3},
		{text: "<B>", ids: []string{"%2F../<b>"}, requests: 3},
		{text: "NEW@x", ids: []string{""}, requests: 3},
		{text: "bob", key: "bob", requests: 3}, {text: "BOB", key: "bob", requests: 3},
		{text: "aDA-1", requests: 3}, {text: "Ada-1", key: "Ada-1", requests: 3},
		{text: "cus_3", key: "cus_3", requests: 3},
		{text: "%2F../<b>", key: "%2F../<b>", requests: 3},
		{text: "cus_Str1pe", key: "grace", requests: 3},
		{text: "4exwv2", key: "bob", requests: 3},
		{text: "fall25", promotion: "FALL25", requests: 3},
		{text: "lovelace", requests: 3}, {text: "liz", requests: 3}, {text: "ad%", requests: 3},
		{text: strings.Repeat("é", 128), requests: 3},
	} {
		found, requests := find(tt.text, "", 50)
		if found.Key != tt.key || found.Promotion != tt.promotion || !slices.Equal(idsOf(found), tt.ids) {
			t.Errorf("%q: key %q, code %q, customers %q", tt.text, found.Key, found.Promotion, idsOf(found))
		}
		if requests != tt.requests {
			t.Errorf("%q: %d requests, want %d", tt.text, requests, tt.requests)
		}
	}
}

// An id that was typed in another case is found by one request more, where it is one customer's.
func TestAnIDIsFoundInAnyCase(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i, id := range []string{"Ada-1", "BoB", "bOb", "Ada-10", "%2F../<B>"} {
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: fmt.Sprintf("cus_%d", i), CreatedAt: april}}))
	}
	must(t, s.Commit(t.Context(), catalog.Live, app.SaveCustomer{Customer: billing.Customer{ID: "Liz", InternalID: "cus_9", CreatedAt: april}}))
	for text, want := range map[string]app.FoundCustomers{"aDA-1": {Key: "Ada-1", Path: "Ada-1"}, "bob": {}, "ada": {}, "liz": {}, "": {}, "%2f../<b>": {Key: "%2F../<B>"}} {
		m := &app.Meter{}
		a := &app.App{Store: s}
		found, err := a.FindInAnyCase(app.WithMeter(t.Context(), m), app.Caller{Env: env, Now: april}, text)
		if err != nil || found.Key != want.Key || found.Path != want.Path || m.DynamoRequests.Load() > 1 {
			t.Errorf("%q: key %q at %q, %d requests, %v", text, found.Key, found.Path, m.DynamoRequests.Load(), err)
		}
	}
}

// All pages of a search together have everybody once: first by e-mail address, then by name.
func TestPagesOfASearchHaveEverybodyOnce(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i := range 30 {
		c := billing.Customer{ID: fmt.Sprintf("c%02d", i), InternalID: fmt.Sprintf("cus_%02d", i), CreatedAt: april.Add(time.Duration(i) * time.Second)}
		if i%2 == 0 {
			c.Email = fmt.Sprintf("ada%02d@x.io", i)
		}
		if i%3 > 0 {
			c.Name = "Ada"
		}
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: c}))
	}
	find := seeker(t, s)
	for _, limit := range []int{1, 7, 15, 50} {
		seen, cursor := map[string]bool{}, ""
		for n := 0; ; n++ {
			found, requests := find("ada", cursor, limit)
			if requests > 3 || n > 60 {
				t.Fatalf("limit %d: %d requests, %d pages", limit, requests, n)
			}
			for _, c := range found.Customers {
				if seen[c.ID] {
					t.Errorf("limit %d: %s was found twice", limit, c.ID)
				}
				seen[c.ID] = true
			}
			if cursor = found.Next; cursor == "" {
				break
			}
		}
		if len(seen) != 25 {
			t.Errorf("limit %d: found %d of 25", limit, len(seen))
		}
	}
}

// The rows of before, which do not say what customers hold, are read whole.
func TestProductsOfARowOfBeforeAreFound(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for _, id := range []string{"old", "new"} {
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: "cus_" + id, CreatedAt: april}},
			app.SaveCustomerProduct{Key: id, Product: billing.CustomerProduct{ID: "cp_1", ProductID: "pro", Status: billing.Active}}))
	}
	forget(t, s, customerKey(env, "old"), "holds")
	found, requests := seeker(t, s)("", "", 50)
	for _, c := range found.Customers {
		if len(c.Holds) != 1 || c.Holds[0].ProductID != "pro" {
			t.Errorf("%s holds %+v", c.ID, c.Holds)
		}
	}
	if requests != 3 {
		t.Errorf("%d requests", requests)
	}
}

func TestCustomersOfADevice(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i, e := range []catalog.Env{env, env, catalog.Live} {
		must(t, s.Commit(t.Context(), e, app.SaveCustomer{Customer: billing.Customer{ID: fmt.Sprint("c", i), InternalID: fmt.Sprint("cus_", i), Fingerprint: "phone", CreatedAt: april}}))
	}
	others, more, err := (&app.App{Store: s}).Sharing(context.Background(), app.Caller{Env: env}, billing.Customer{ID: "c0", Fingerprint: "phone"})
	must(t, err)
	if !slices.Equal(others, []string{"c1"}) || more {
		t.Errorf("%q share it, more: %v", others, more)
	}
}

// A page has a word of its own that is also the id of a customer.
func TestEveryCustomerCanBeOpened(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	a, caller := &app.App{Store: s}, app.Caller{Env: env, Now: april}
	for i, id := range []string{"new", "import", "export", "ada", "", "a/b?c%2F#d", "..", "<b>", "😀"} {
		c := billing.Customer{ID: id, InternalID: fmt.Sprint("cus_", i), Email: "a@x.io", CreatedAt: april}
		must(t, s.Commit(t.Context(), env, app.SaveCustomer{Customer: c}))
		path := app.CustomerPath(c)
		if slices.Contains([]string{"new", "import", "export", ".."}, path) || strings.ContainsAny(path, "/?%#") {
			t.Errorf("customer %q has the path of a page", id)
		}
		found, err := a.CustomerAt(t.Context(), caller, path)
		must(t, err)
		if found.Customer.InternalID != c.InternalID {
			t.Errorf("%q opens %+v", path, found.Customer)
		}
	}
	if _, err := a.CustomerAt(t.Context(), caller, "cus_99"); err == nil {
		t.Error("a customer who is not there was found")
	}
}
