package customers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// customersAMinuteApart makes customers, each a minute younger than the one before.
func customersAMinuteApart(w *World, bodies ...JSON) {
	w.Helper()
	for i, body := range bodies {
		w.AdvanceTo(T0.Add(time.Duration(i+1) * time.Minute))
		w.Post("/v1/customers", body)
	}
}

func TestListNewestFirstWithATotal(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w, JSON{"id": "a"}, JSON{"id": "b"}, JSON{"id": "c"}, JSON{"id": "d"}, JSON{"id": "e"})
	for query, want := range map[string][]any{ // ids, how many there are at least, whether a page follows
		"":                  {"e d c b a", 5.0, false},
		"?limit=2":          {"e d", 3.0, true},
		"?limit=2&offset=2": {"c b", 5.0, true},
		"?limit=2&offset=4": {"a", 5.0, false},
		"?limit=5":          {"e d c b a", 5.0, false},
		"?offset=9":         {"", 5.0, false},
	} {
		page := w.Get("/v1/customers" + query)
		w.Want("page "+query, []any{strings.Join(IDsOf(page), " "), page["total"], page["next_cursor"] != nil}, want)
	}
	w.Want("all pages", w.AllIDs("/v1/customers?limit=2"), []string{"e", "d", "c", "b", "a"})
}

func TestListSearchesByPrefixInAnyCase(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w,
		JSON{"id": "u1", "name": "Ada Lovelace", "email": "ada@x.io"},
		JSON{"id": "ADA-2", "name": "Ada B", "email": "ada@y.io"},
		JSON{"id": "u3", "name": "Grace", "email": "Adam@z.io"},
		JSON{"id": "u4", "name": "Élodie", "email": "e@z.io"},
		JSON{"id": "u5", "name": "ada c"},
		JSON{"id": nil, "name": "ada d", "email": "prepared@x.io"},
		JSON{"id": "u7", "name": "Not Ada", "email": "nada@x.io"})
	for search, want := range map[string][]string{
		"ada":       {"ADA-2", "u1", "u3", "u5", ""}, // by id, then by e-mail, then by name, each once
		"ADA":       {"ADA-2", "u1", "u3", "u5", ""},
		"ada l":     {"u1"},
		"adam@":     {"u3"},
		"u":         {"u1", "u3", "u4", "u5", "u7"},
		"U1":        {"u1"},
		"éLO":       {"u4"},
		"prepared@": {""},
		"lovelace":  nil,
		"ada%":      nil,
		"  ada c ":  {"u5"},
	} {
		query := "search=" + url.QueryEscape(search)
		page := w.Get("/v1/customers?" + query)
		w.Want("found by "+search, []any{IDsOf(page), page["total"]}, []any{want, float64(len(want))})
		w.Want("found one by one by "+search, w.AllIDs("/v1/customers?"+query+"&limit=1"), want)
	}
	w.Want("with an offset", IDsOf(w.Get("/v1/customers?search=ada&offset=1&limit=2")), []string{"u1", "u3"})
}

// A search finds present values only: a customer that was renamed, claimed,
// given another address or deleted is not found by the former ones.
func TestListFollowsChanges(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w, JSON{"id": "old", "name": "Old Name", "email": "old@x.io"}, JSON{"id": nil, "email": "prep@x.io"}, JSON{"id": "gone", "email": "gone@x.io"})
	w.Post("/v1/customers/old", JSON{"id": "new", "name": "New Name", "email": "new@x.io"})
	w.Post("/v1/customers", JSON{"id": "claimed", "email": "prep@x.io"})
	w.Call("DELETE", "/v1/customers/gone", nil)
	w.Want("all", w.AllIDs("/v1/customers?limit=1"), []string{"claimed", "new"})
	for search, want := range map[string][]string{"old": nil, "new": {"new"}, "prep": {"claimed"}, "cus_": nil, "gone": nil} {
		w.Want("found by "+search, w.AllIDs("/v1/customers?limit=1&search="+search), want)
	}
	w.Post("/v1/customers/new", JSON{"name": ""})
	w.Post("/v1/customers", JSON{"id": "old"})
	w.Want("a name taken away", w.AllIDs("/v1/customers?limit=1&search=new+name"), []string(nil))
	w.Want("an id used again", w.AllIDs("/v1/customers?limit=1&search=old"), []string{"old"})
}

// A customer that moves to another id between two pages is neither shown
// twice nor missed.
func TestListWhileACustomerIsRenamed(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"a-before-it", "z-after-it"} {
		w := New(t)
		customersAMinuteApart(w, JSON{"id": "1"}, JSON{"id": "m"}, JSON{"id": "3"})
		first := w.Get("/v1/customers?limit=2")
		w.Want("first page", IDsOf(first), []string{"3", "m"})
		w.Post("/v1/customers/m", JSON{"id": to})
		second := w.Get("/v1/customers?limit=2&cursor=" + url.QueryEscape(first["next_cursor"].(string)))
		w.Want("second page", IDsOf(second), []string{"1"})
	}
}

func TestListOfManyOfOneName(t *testing.T) {
	t.Parallel()
	w := New(t)
	var want []string
	for i := range 12 {
		id := fmt.Sprintf("u%02d", i)
		w.Post("/v1/customers", JSON{"id": id, "name": "Sam", "email": "sam@x.io"})
		want = append(want, id)
	}
	for _, query := range []string{"search=sam&limit=5", "search=u&limit=5", "limit=5"} {
		got := w.AllIDs("/v1/customers?" + query)
		slices.Sort(got)
		w.Want(query, got, want)
	}
}

func TestListRefusesWhatItDoesNotTake(t *testing.T) {
	t.Parallel()
	w := New(t)
	customersAMinuteApart(w, JSON{"id": "a"}, JSON{"id": "b"})
	before := w.Stack.Tables()
	cursor := url.QueryEscape(w.Get("/v1/customers?limit=1")["next_cursor"].(string))
	found := url.QueryEscape(w.Get("/v1/customers?limit=1&search=a")["list"].([]any)[0].(JSON)["id"].(string))
	for query, want := range map[string]string{ // code, and what the sentence names
		"limit=0":                            "invalid_inputs limit",
		"limit=101":                          "invalid_inputs limit",
		"limit=1.5":                          "invalid_inputs limit",
		"limit=1&limit=2":                    "invalid_inputs limit",
		"offset=-1":                          "invalid_inputs offset",
		"offset=10001":                       "invalid_inputs offset",
		"offset=1&cursor=" + cursor:          "invalid_inputs offset",
		"cursor=nonsense":                    "invalid_cursor cursor",
		"cursor=" + cursor + "A":             "invalid_cursor cursor",
		"cursor=" + cursor + "&search=a":     "invalid_cursor cursor",
		"cursor=" + found:                    "invalid_cursor cursor",
		"search=" + strings.Repeat("a", 600): "invalid_inputs search",
		"search=a%00":                        "invalid_inputs search",
		"search=%ff":                         "invalid_inputs search",
		"sort=name":                          "invalid_inputs sort",
		"Limit=1":                            "invalid_inputs Limit",
		"expand=invoices":                    "invalid_inputs expand",
		"with_autumn_id=maybe":               "invalid_inputs with_autumn_id",
	} {
		a := w.Do(w.Stack.Key, "GET", "/v1/customers?"+query, nil)
		code, name, _ := strings.Cut(want, " ")
		if message, _ := a.Body["message"].(string); a.Status != 400 || a.Body["code"] != code || !strings.Contains(message, name) {
			t.Errorf("%s: %d %s, want 400 %s", query, a.Status, a.Text, want)
		}
	}
	w.Want("the table", w.Stack.Tables(), before)
}
