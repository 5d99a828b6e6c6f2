package customers

import (
	"strings"
	"testing"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

// The index is eventually consistent: an entry of a customer that is deleted,
// has moved or has another address is skipped, and the page is filled from
// later entries.
func TestListOverAStaleIndex(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w, JSON{"id": "a"}, JSON{"id": "b", "email": "box@x.io"}, JSON{"id": "c"}, JSON{"id": "d"}, JSON{"id": "e"})
	w.Call("DELETE", "/v1/customers/e", nil)
	w.Post("/v1/customers/d", JSON{"id": "z"})
	w.Post("/v1/customers/b", JSON{"email": "new@x.io"})
	w.Post("/v1/customers", JSON{"id": "e"}) // another customer under an id used before
	for writes := range 12 {
		w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
			return dynamodb.Fault{Kind: dynamodb.FaultStaleIndex, Writes: writes}
		})
		page := w.Get("/v1/customers?limit=2")
		got := strings.Join(IDsOf(page), " ")
		for _, id := range IDsOf(page) {
			if n := strings.Count(got, id); n > 1 || id == "d" {
				t.Errorf("%d writes behind: %s is shown %d times in %q", writes, id, n, got)
			}
		}
		if page["next_cursor"] != nil && len(IDsOf(page)) < 2 {
			t.Errorf("%d writes behind: the page has %q, and more follow", writes, got)
		}
		w.Want("found by an address that was given up", IDsOf(w.Get("/v1/customers?search=box")), []string(nil))
	}
	w.Stack.DB.SetFault(nil)
	w.Want("in the end", IDsOf(w.Get("/v1/customers")), []string{"e", "z", "c", "b", "a"})
}

// A customer that can't be read for a moment is an error, not left out of the
// list.
func TestListFailsWhenACustomerCannotBeRead(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w, JSON{"id": "a"}, JSON{"id": "b"})
	w.Get("/v1/customers") // key and catalog are known from here on
	reads := 0
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if reads++; reads > 1 { // the index answers, the customers do not
			return dynamodb.Fault{Kind: dynamodb.FaultThrottle}
		}
		return dynamodb.Fault{}
	})
	a := w.Do(w.Stack.Key, "GET", "/v1/customers", nil)
	w.Stack.DB.SetFault(nil)
	if a.Status != 503 && a.Status != 429 {
		t.Errorf("got %d %s", a.Status, a.Text)
	}
}
