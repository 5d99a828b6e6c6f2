package walk

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"windfall/tests/world"
)

// buyers are the customers of this property. Ada and Bea share a device; Dan is
// prepared by his e-mail address alone; Eve is known to nobody.
var buyers = []string{"ada", "bea", "cyd", "dan", "eve", "hopper@example.com"}

// TestAPreviewRefusesWhatAttachRefuses sends random requests, most of them wrong
// in one or two fields, to customers in random states. The preview, and the
// checkout call where it is asked, answer with the status, code and sentence of
// the attach that follows. Only three refusals are not known beforehand: a bank's,
// that of a repetition, and a conflict with a change at Stripe whose event is still to come.
func TestAPreviewRefusesWhatAttachRefuses(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	asked := map[string]int{}
	var opened func()
	rapid.Check(t, func(r *rapid.T) {
		turns := turns(each).Draw(r, "turns")
		k := &refuser{w: w, asked: asked, pages: map[string]string{}, had: map[string]offer{}, asks: map[string]string{}}
		if opened == nil {
			k.open()
			opened = w.Snapshot()
		} else {
			opened()
			k.post("/_local/delivery", world.JSON{"mode": "immediate"})
		}
		for _, m := range turns {
			k.take(r, m)
		}
	})
	t.Logf("asked: %v", asked)
}

// A turn is a request or an event; its numbers are drawn from seed.
type turn struct{ seed uint64 }

// turns draws as steps does: two numbers, and a coin for each turn.
func turns(n int) *rapid.Generator[[]turn] {
	return rapid.Custom(func(t *rapid.T) []turn {
		name, out := rapid.IntRange(0, 1<<16).Draw(t, "name"), []turn{}
		for i := range 2 * n {
			if rapid.Bool().Draw(t, "taken") {
				out = append(out, turn{uint64(name<<16 + i)})
			}
		}
		return out
	})
}

type refuser struct {
	w     *world.World
	r     *rand.Rand
	asked map[string]int
	story []string
	pages map[string]string
	had   map[string]offer  // bought last
	asks  map[string]string // … with these products
	late  bool              // events are held back
	n     int
}

func (k *refuser) open() {
	stock(k.w, "usd", false)
	k.post("/v1/products", world.JSON{"id": "retired", "name": "retired", "group": "main", "items": []world.JSON{world.Price(12)}})
	k.post("/v1/products/retired", world.JSON{"archived": true})
	k.post("/v1/products", world.JSON{"id": "edited", "name": "edited", "group": "main", "items": []world.JSON{world.Price(33)}})
	for _, id := range buyers[:3] {
		body := world.JSON{"id": id}
		if id != "cyd" {
			body["fingerprint"] = "device"
		}
		k.post("/v1/customers", body)
	}
	k.post("/v1/customers", world.JSON{"email": "dan@example.com", "fingerprint": "device"})
	k.card("ada", "pm_card_visa")
	k.card("bea", "pm_card_visa")
}

func (k *refuser) post(path string, body world.JSON) world.Answer {
	a := k.w.Do(k.w.Stack.Key, "POST", path, body)
	k.w.WaitIdle()
	return a
}

func (k *refuser) card(who, method string) {
	k.post("/_local/customers/"+url.PathEscape(who)+"/payment_method", world.JSON{"payment_method": method})
}

func (k *refuser) pick(from ...any) any { return from[k.r.IntN(len(from))] }

// take takes a turn: three in four are requests.
func (k *refuser) take(t *rapid.T, m turn) {
	k.r = rand.New(rand.NewPCG(*walkSeed, m.seed))
	if k.r.IntN(4) > 0 {
		k.ask(t, k.request())
		return
	}
	who, product := buyers[k.r.IntN(len(buyers))], shop[k.r.IntN(len(shop))].id
	what := []string{"clock", "clock", "card", "failing card", "no card", "cancel", "end", "pay page", "expire page", "events late", "edit", "track", "at stripe"}[k.r.IntN(13)]
	status := 200
	switch what {
	case "clock":
		product = spans[k.r.IntN(len(spans))]
		status = k.post("/_local/clock", world.JSON{"advance": product}).Status
	case "card":
		k.card(who, "pm_card_visa")
	case "failing card":
		k.card(who, "pm_card_chargeCustomerFail")
	case "no card":
		k.detach(who)
	case "cancel", "end":
		status = k.post("/v1/cancel", world.JSON{"customer_id": who, "product_id": product, "cancel_immediately": what == "end"}).Status
	case "pay page", "expire page":
		status = k.page(who, what)
	case "events late":
		k.late = !k.late
		product = map[bool]string{true: "hold", false: "immediate"}[k.late]
		k.post("/_local/delivery", world.JSON{"mode": product})
	case "edit":
		product = fmt.Sprint(k.r.IntN(50) + 1)
		k.post("/v1/products/edited", world.JSON{"items": []world.JSON{{"price": json.Number(product), "interval": "month"}}})
	case "track":
		status = k.post("/v1/track", world.JSON{"customer_id": who, "feature_id": k.pick("messages", "words", "seats"), "value": 1 + k.r.IntN(300)}).Status
	case "at stripe":
		status = k.atStripe(who)
	}
	k.note("%s: %s %s → %d", who, what, product, status)
}

func (k *refuser) page(who, what string) int {
	page := k.pages[who]
	if page == "" {
		return 0
	}
	action, body := "complete", world.JSON{"payment_method": "pm_card_visa"}
	if what == "expire page" {
		action, body = "expire", nil
	}
	a := k.w.Do("", "POST", strings.TrimPrefix(page, k.w.Stack.BaseURL)+"/"+action, body)
	k.w.WaitIdle()
	return a.Status
}

func (k *refuser) detach(who string) {
	for _, m := range k.listed(who, "payment_methods") {
		k.stripe("POST", "/v1/payment_methods/"+m+"/detach", nil)
	}
}

// atStripe ends or alters a subscription as staff would.
func (k *refuser) atStripe(who string) int {
	for _, id := range k.listed(who, "subscriptions") {
		if k.r.IntN(3) == 0 {
			k.stripe("DELETE", "/v1/subscriptions/"+id, nil)
		} else {
			k.stripe("POST", "/v1/subscriptions/"+id, url.Values{"cancel_at_period_end": {fmt.Sprint(k.r.IntN(2) == 0)}})
		}
	}
	k.w.WaitIdle()
	return 200
}

func (k *refuser) listed(who, kind string) (ids []string) {
	s, _, err := k.w.Stack.Customer(k.w.Context(), who)
	if err != nil || s.Customer.StripeID == "" {
		return nil
	}
	path := "/v1/" + kind
	values := url.Values{"customer": {s.Customer.StripeID}}
	if kind == "payment_methods" {
		path, values = "/v1/customers/"+s.Customer.StripeID+"/payment_methods", nil
	}
	var page struct{ Data []struct{ ID string } }
	_ = json.Unmarshal(k.stripe("GET", path, values), &page) // an error of Stripe has no data
	for _, o := range page.Data {
		ids = append(ids, o.ID)
	}
	return ids
}

func (k *refuser) stripe(method, path string, values url.Values) []byte {
	_, text, err := k.w.Stack.Stripe(method, path, values)
	if err != nil {
		k.w.Fatal(err)
	}
	return text
}

// ask previews a request, asks checkout in one case of three, attaches, and
// compares the refusals.
func (k *refuser) ask(t *rapid.T, body world.JSON) {
	text, _ := json.Marshal(body)
	table, objects := k.w.TablesButGuesses(), k.w.Stack.Objects()
	said := k.w.Do(k.w.Stack.Key, "POST", "/v1/attach/preview", body)
	k.w.WaitIdle()
	if !k.late && (k.w.TablesButGuesses() != table || k.w.Stack.Objects() != objects) {
		k.fail(t, "%s: the preview changed something", text)
	}
	var checkout *world.Answer
	if k.r.IntN(3) == 0 {
		a := k.w.Do(k.w.Stack.Key, "POST", "/v1/checkout", body)
		checkout = &a
	}
	done := k.w.Do(k.w.Stack.Key, "POST", "/v1/attach", body)
	k.w.WaitIdle()
	k.asked[fmt.Sprint(done.Body["code"])]++
	k.note("%.400s → %d %v", text, done.Status, done.Body["message"])
	if done.Body["code"] == "reward_not_found" {
		k.post("/_local/clock", world.JSON{"advance": "1m"}) // many unknown codes within a minute are guesses
	}
	who, _ := body["customer_id"].(string)
	if page, ok := done.Body["checkout_url"].(string); ok {
		k.pages[who] = page
	}
	if i := slices.IndexFunc(shop, func(o offer) bool { return o.id == body["product_id"] }); i >= 0 && done.Status == http.StatusOK {
		k.had[who] = shop[i]
	}
	products := fmt.Sprint(body["product_id"], body["product_ids"])
	if done.Body["code"] == "purchase_repeated" && said.Status == http.StatusOK && k.asks[who] == products {
		return // of a purchase a moment ago: a preview says what one more would cost
	}
	if done.Status == http.StatusOK {
		k.asks[who] = products
	}
	if done.Status == http.StatusPaymentRequired && said.Status == http.StatusOK {
		return // the bank's word
	}
	if k.late && done.Status == http.StatusConflict && said.Status == http.StatusOK {
		return // staff have ended the subscription, and the event is not here yet
	}
	if verdict(said) != verdict(done) {
		k.fail(t, "%.400s:\npreview: %s\nattach:  %s", text, verdict(said), verdict(done))
	}
	if checkout != nil && verdict(*checkout) != verdict(done) {
		k.fail(t, "%.400s:\ncheckout: %s\nattach:   %s", text, verdict(*checkout), verdict(done))
	}
}

// verdict is 200, or the refusal.
func verdict(a world.Answer) string {
	if a.Status == http.StatusOK {
		return "200"
	}
	return fmt.Sprintf("%d %v %v", a.Status, a.Body["code"], a.Body["message"])
}

func (k *refuser) note(format string, args ...any) {
	k.story = append(k.story, fmt.Sprintf("%3d  %s  %s", len(k.story)+1, day(k.w.Stack.Sim.Now()), fmt.Sprintf(format, args...)))
}

func (k *refuser) fail(t *rapid.T, format string, args ...any) {
	t.Helper()
	t.Fatalf("%s\nThe story so far:\n%s", fmt.Sprintf(format, args...), strings.Join(k.story, "\n"))
}
