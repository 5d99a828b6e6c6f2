package walk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pgregory.net/rapid"

	"windfall/tests/world"
)

// A deed is a step that was taken: its request and its outcome.
type deed struct {
	step
	product   string // its product, if it has one
	reward    string // the code that comes with it
	unfixed   bool   // the customer may choose a currency
	typed     bool   // on the page
	anchor    any    // a day of the month, or now
	path      string
	body      world.JSON
	status    int
	code      string
	preview   string // the charge in the preview, in major units
	disturbed bool   // a fault struck: its effect is uncertain
	silent    bool   // a change at Stripe
	prorated  bool   // … with prorations
}

// A request is the last request, so that it can be repeated.
type request struct {
	key, path, answer string
	body              world.JSON
	at                time.Time
}

// take carries a step out and returns its outcome.
func (k *walker) take(t *rapid.T, s step) deed {
	who, d := people[s.who], deed{step: s, status: http.StatusOK}
	v := k.look(t, who)
	switch s.do {
	case "card", "no card", "pay open", "redeliver", "repeat", "portal":
		d.fault = fault{} // actions of people and of Stripe, not of the functions
	}
	d.unfixed = v.rows.Customer.Currency == ""
	if k.t = t; k.moved(&d, v) {
		return d
	}
	switch s.do {
	case "attach":
		k.attach(t, &d, shop[s.what%len(shop)])
	case "overdraw": // more than is included; half the time an upgrade follows
		main := v.main("main")
		if main == nil || main.ProductID != "pro_use" {
			k.attach(t, &d, offerOf("pro_use"))
			break
		}
		if s.much%2 == 0 {
			k.attach(t, &d, offerOf("premium_use"))
			break
		}
		k.command(t, &d, "/v1/track", world.JSON{"customer_id": who, "feature_id": "messages", "value": 90 + s.what})
	case "again":
		if main := v.main([]string{"main", "side"}[s.what%2]); main != nil {
			k.attach(t, &d, offerOf(main.ProductID))
		}
	case "quantity":
		for _, cp := range v.held() {
			if o := offerOf(cp.ProductID); len(cp.Quantities) > 0 && !o.once() {
				k.attach(t, &d, o)
				break
			}
		}
	case "bundle":
		ids := []string{[]string{"side_small", "side_big", "side_use"}[s.much%3], []string{"pro", "pro_use", "premium", "more_words", "setup"}[s.what%5]}
		if s.much > 6 {
			ids = append(ids, "booster")
		}
		k.command(t, &d, "/v1/attach", world.JSON{"customer_id": who, "product_ids": ids})
	case "cancel", "end", "end with credit":
		k.cancel(t, &d, v)
	case "track", "check":
		feature := []string{"messages", "words", "seats"}[s.what%3]
		body := world.JSON{"customer_id": who, "feature_id": feature}
		if s.do == "track" {
			body["value"] = []int{1, 40, 137, 300, 555, -20}[s.much%6]
		}
		k.command(t, &d, "/v1/"+s.do, body)
	case "card", "no card":
		k.card(t, &d, v)
	case "pay page", "expire page":
		k.page(t, &d)
	case "clock":
		k.clock(t, &d, world.JSON{"advance": spans[s.what%len(spans)]})
	case "pay open":
		for _, in := range v.invoices {
			if in.Status == "open" {
				a := k.w.Do(k.w.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/pay", nil)
				k.note(&d, "pay %s → %d", in.ID, a.Status)
			}
		}
	case "redeliver":
		k.redeliver(t, 40)
		k.note(&d, "the last events come again")
	case "repeat":
		k.repeat(t, &d)
	case "portal":
		k.portal(&d, v)
	}
	return d
}

// attach requests an offer, with a quantity if it takes one, and in every third
// case by invoice or on a page.
func (k *walker) attach(t *rapid.T, d *deed, o offer) {
	who := people[d.who]
	body := world.JSON{"customer_id": who, "product_id": o.id}
	for _, g := range o.gives {
		if g.pack > 0 {
			n := int64(d.much) * 50
			if o.once() {
				n = g.pack * int64(1+d.much%3)
			}
			body["options"] = []world.JSON{{"feature_id": g.feature, "quantity": n}}
		}
	}
	if way := d.what / len(shop); d.do == "attach" && way == 2 {
		body[[]string{"invoice_only", "force_checkout"}[d.much%2]] = true
	}
	if way := d.what / len(shop); d.do == "attach" && way == 1 && d.much < 6 {
		if d.anchor = any(1 + (7*d.what+d.much)%31); d.much%3 == 0 {
			d.anchor = "now"
		}
		body["billing_cycle_anchor"] = d.anchor
	}
	switch {
	case d.typed:
		body["force_checkout"] = true
	case d.reward != "":
		body["promo_code"] = d.reward
	}
	if d.what%7 == 0 && d.unfixed {
		body["currency"] = sellIn[d.much%len(sellIn)]
	}
	d.product = o.id
	if d.fault.kind == "" {
		if a := k.w.Do(k.w.Stack.Key, "POST", "/v1/attach/preview", body); a.Status == http.StatusOK {
			var p struct {
				Due struct{ Total json.Number } `json:"due_today"`
			}
			if err := json.Unmarshal([]byte(a.Text), &p); err != nil {
				t.Fatal(err)
			}
			d.preview = p.Due.Total.String()
		}
	}
	k.command(t, d, "/v1/attach", body)
}

func (k *walker) cancel(t *rapid.T, d *deed, v view) {
	held := v.held()
	if d.product = shop[d.what%len(shop)].id; len(held) > 0 {
		d.product = held[d.what%len(held)].ProductID
	}
	body := world.JSON{"customer_id": people[d.who], "product_id": d.product}
	if d.do != "cancel" {
		body["cancel_immediately"] = true
	}
	if d.do == "end with credit" {
		body["prorate"] = true
	}
	k.command(t, d, "/v1/cancel", body)
}

// card puts a card on file, or removes all cards.
func (k *walker) card(t *rapid.T, d *deed, v view) {
	who := people[d.who]
	if d.do == "card" {
		card := cards[d.what%len(cards)]
		a := k.w.Do(k.w.Stack.Key, "POST", "/_local/customers/"+who+"/payment_method", world.JSON{"payment_method": card})
		k.note(d, "%s → %d", card, a.Status)
		return
	}
	if v.rows.Customer.StripeID == "" {
		return
	}
	for _, m := range list[struct{ ID string }](t, k.w, "/v1/customers/"+v.rows.Customer.StripeID+"/payment_methods", url.Values{}) {
		if _, _, err := k.w.Stack.Stripe("POST", "/v1/payment_methods/"+m.ID+"/detach", url.Values{}); err != nil {
			t.Fatal(err)
		}
	}
	k.note(d, "all cards are taken off")
}

// page pays or expires the page that was opened last.
func (k *walker) page(t *rapid.T, d *deed) {
	url := k.pages[people[d.who]]
	if url == "" {
		return
	}
	action, body := "complete", world.JSON{"payment_method": cards[d.what%len(cards)]}
	if d.do == "expire page" {
		action, body = "expire", nil
	}
	if d.typed {
		body["promotion_code"] = d.reward
	} else if action == "complete" {
		d.reward = k.codeOn[url]
	}
	end := k.sabotage(d.fault)
	a := k.w.Do("", "POST", strings.TrimPrefix(url, k.w.Stack.BaseURL)+"/"+action, body)
	k.quiet(t)
	end()
	k.recover(t, d.fault)
	d.status = a.Status
	k.note(d, "%s with %v → %d", action, body["payment_method"], a.Status)
	d.disturbed = d.fault.kind != ""
}

// repeat repeats the last request of a customer, word for word.
func (k *walker) repeat(t *rapid.T, d *deed) {
	last, asked := k.last[people[d.who]]
	if asked && last.path == "/v1/check" && !last.at.Equal(k.w.Stack.Sim.Now()) {
		return // it is answered afresh each time
	}
	if !asked || k.w.Stack.Sim.Now().Sub(last.at) > 23*time.Hour {
		return
	}
	a := k.w.Do(k.w.Stack.Key, "POST", last.path, last.body, world.IdempotencyKey(last.key))
	k.quiet(t)
	k.note(d, "%s %v again → %d", last.path, last.body, a.Status)
	if a.Text != last.answer {
		k.fail(t, "the same request was answered differently:\n%s\n%s", last.answer, a.Text)
	}
}

// portal changes a subscription at Stripe, as the customer or support staff
// would.
func (k *walker) portal(d *deed, v view) {
	for _, s := range v.subs {
		if s.Status == "canceled" || s.Status == "incomplete_expired" || s.Schedule != "" {
			continue
		}
		path, method, body := "/_local/subscriptions/"+s.ID, "POST", world.JSON{"cancel_at_period_end": !s.CancelAtPeriodEnd}
		if d.much == 9 {
			method, body = "DELETE", nil
		}
		a := k.w.Do(k.w.Stack.Key, method, path, body)
		k.note(d, "%s %s %v → %d", method, s.ID, body, a.Status)
		return
	}
}

// note adds a line to the story.
func (k *walker) note(d *deed, format string, args ...any) {
	k.story = append(k.story, fmt.Sprintf("%3d  %s  %-3s %s%s: %s", len(k.story)+1, k.w.Stack.Sim.Now().Format("2006-01-02 15:04"), people[d.who], d.do, d.fault, fmt.Sprintf(format, args...)))
}
