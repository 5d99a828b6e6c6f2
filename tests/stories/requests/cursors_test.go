package requests

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
	. "windfall/tests/world"
)

// A cursor belongs to its list: in another one it would skip entries without a
// word.
func TestACursorOfAnotherListIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CreateFiveRewards()
	for _, id := range []string{"ada", "bob"} {
		for i := range 2 {
			w.Track(id, "messages", 1)
			w.Post("/v1/customers/"+id+"/balances", JSON{"balances": []any{JSON{"feature_id": "messages", "balance": 9 + i}}})
			w.Post("/v1/customers/"+id, JSON{"name": fmt.Sprint("A name ", i)})
		}
	}
	for days := range 3 {
		w.Call("PATCH", "/v1/settings", JSON{"usage_event_days": 30 + days})
	}
	lists := []string{"/v1/customers?limit=1", "/v1/customers?search=a&limit=1", "/v1/rewards?limit=1", "/v1/reward_programs?limit=1",
		"/v1/customers/ada/audit?limit=1", "/v1/customers/bob/audit?limit=1", "/v1/settings/audit?limit=1"}
	cursors := map[string]string{}
	for _, list := range lists {
		next, more := w.Get(list)["next_cursor"].(string)
		if !more {
			t.Fatalf("%s has one page only", list)
		}
		cursors[list] = next
	}
	for _, list := range lists {
		for from, cursor := range cursors {
			a := w.Do(w.Stack.Key, "GET", list+"&cursor="+url.QueryEscape(cursor), nil)
			if own := from == list; own && a.Status != 200 || !own && a.Body["code"] != "invalid_cursor" {
				t.Errorf("%s with the cursor of %s: %d %s", list, from, a.Status, a.Text)
			}
		}
	}
	live := "am_sk_live_other"
	if err := w.Stack.PutKey(t.Context(), live, app.Key{Env: catalog.Live}); err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if strings.Contains(list, "/audit") && !strings.Contains(list, "/settings/") {
			continue // of a customer who is not there
		}
		if a := w.Do(live, "GET", list+"&cursor="+url.QueryEscape(cursors[list]), nil); a.Status != 400 || a.Body["code"] != "invalid_cursor" {
			t.Errorf("%s with a live key and the cursor of the sandbox: %d %s", list, a.Status, a.Text)
		}
	}
	events := func(customer string, more JSON) JSON {
		return Merge(JSON{"customer_id": customer, "limit": 1}, more)
	}
	next := w.Post("/v1/events/list", events("ada", nil))["next_cursor"]
	w.Post("/v1/events/list", events("ada", JSON{"start_cursor": next}))
	w.Refused(400, "invalid_cursor", "/v1/events/list", events("bob", JSON{"start_cursor": next}))
}

// A cursor that was cut, or is that of another customer or entity whose ids read alike, is refused: it ended the list
// without a word.
func TestACursorThatWasCutIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for _, id := range []string{"a", "a b"} {
		w.CustomerWithCard(id)
	}
	w.Post("/v1/entities.create", JSON{"customer_id": "a", "entity_id": "b", "feature_id": "seats"})
	for _, buys := range []JSON{{"customer_id": "a"}, {"customer_id": "a", "entity_id": "b"}, {"customer_id": "a b"}} {
		for _, plan := range []string{"pro", "g1_pro", "g2_pro"} {
			w.Post("/v1/billing.attach", Merge(JSON{"plan_id": plan}, buys))
		}
	}
	for _, list := range []string{"invoices", "subscriptions"} {
		body := func(customer, entity string, more ...JSON) JSON {
			out := Merge(JSON{"customer_id": customer, "limit": 1}, more...)
			if entity != "" {
				out["entity_id"] = entity
			}
			return out
		}
		path := "/v1/" + list + ".list"
		next := w.Post(path, body("a b", ""))["next_cursor"].(string)
		w.Want(list+": go on", len(w.Post(path, body("a b", "", JSON{"start_cursor": next, "limit": 5}))["list"].([]any)), 2)
		w.Refused(400, "invalid_cursor", path, body("a", "b", JSON{"start_cursor": next}))
		text, err := base64.RawURLEncoding.DecodeString(next)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, len(text) / 2, strings.LastIndexByte(string(text), '#') - 3, strings.LastIndexByte(string(text), '#') + 1} {
			w.Refused(400, "invalid_cursor", path, body("a b", "", JSON{"start_cursor": base64.RawURLEncoding.EncodeToString(text[:n])}))
		}
	}
}
