package chaos

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	. "windfall/tests/world"
)

// A rival is one of two commands that come at once. To have a new money
// command proven, add it to the list of each situation it can happen in.
type rival struct {
	command string // its name in the table of results
	name    string
	do      func(w *World) Answer
}

const goodCard = "a good card pays"

// A situation is a customer, and the commands that may come at once.
type situation struct {
	name    string
	prepare func(w *World)
	leave   string // a pattern of rows that differ without a meaning; "" is none
	rivals  []rival
}

var situations = []situation{
	{"a card on file", func(w *World) { w.PutGoodCard("c"); invited(w); promoted(w) }, "", []rival{
		asks("pro"), asks("premium"), asks("addon_words"), asks("topup", Quantity("messages", 250)),
		{"attach", "attach pro and the add-on", posts("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})},
		{"redeem", "redeem", func(w *World) Answer {
			return w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"code": w.Notes["code"], "customer_id": "c"})
		}},
		{"redeem", "redeem a promotion code", posts("/v1/rewards/redeem", JSON{"code": "ONCE", "customer_id": "c"})},
	}},
	{"a product is held", held("premium"), "", []rival{
		asks("ultra"), asks("pro"), asks("free"), asks("addon_words"), ends("premium"), ends("premium", Immediately()),
		ends("premium", Immediately(), JSON{"prorate": true}),
	}},
	{"a downgrade is scheduled", held("premium", "pro"), "", []rival{
		asks("ultra"), asks("premium"), asks("free"), ends("pro"), ends("premium", Immediately()),
		ends("premium", Immediately(), JSON{"prorate": true}),
	}},
	{"a quantity is held", packs("200"), "", []rival{
		asks("packs", Quantity("messages", 500)), asks("packs", Quantity("messages", 300)), asks("premium"), ends("packs", Immediately()),
	}},
	{"a page is open", func(w *World) { w.Notes["page"] = w.Attach("c", "pro")["checkout_url"].(string); w.PutGoodCard("c") }, "", []rival{
		asks("pro"), asks("premium"), asks("pro", JSON{"force_checkout": true}),
		{"webhook", "the page is paid", func(w *World) Answer {
			return w.ActOnPage(w.Notes["page"], "complete", JSON{"payment_method": "pm_card_visa"})
		}},
	}},
	{"a page is open, and the customer is deleted", func(w *World) { w.Notes["page"] = w.Attach("c", "pro")["checkout_url"].(string) }, "", []rival{
		deletes(""), deletes("?cancel=true"),
		{"webhook", "the page is paid", func(w *World) Answer {
			return w.ActOnPage(w.Notes["page"], "complete", JSON{"payment_method": "pm_card_visa"})
		}},
	}},
	{"a product is held, and the customer is deleted", overdrawn, "", []rival{deletes("?cancel=true"), asks("premium"), ends("use", Immediately())}},
	{"a page is paid, its events are on the way", func(w *World) { hold(w); payPage(w, "pro") }, "", []rival{
		asks("pro"), asks("premium"), asks("topup", Quantity("messages", 250)),
		tells("checkout.session.completed"), tells("customer.subscription.created"), tells("invoice.paid"),
	}},
	{"a customer has entities", crew("a", "b"), "", []rival{
		asks("pro", Of("a")), asks("premium", Of("a")), asks("pro", Of("b")), asks("pro"), asks("crew_pro"),
		{"entities", "delete a", func(w *World) Answer { return w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/a", nil) }},
		{"entities", "make d", posts("/v1/customers/c/entities", JSON{"id": "d", "feature_id": "seats"})},
		{"entities", "lock of a", posts("/v1/balances.check", lockOf("a"))},
	}},
	{"an entity has not followed a plan", func(w *World) { crew("a", "b")(w); w.Stack.HoldStream(true); w.Attach("c", "crew_pro") }, "", []rival{
		{"entities", "track of a", posts("/v1/track", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "words", "value": 3})},
		{"entities", "lock of a", posts("/v1/balances.check", Merge(lockOf("a"), JSON{"feature_id": "words", "required_balance": 2}))},
		{"entities", "delete a", func(w *World) Answer { return w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/a", nil) }},
		{"entities", "another id of their customer", func(w *World) Answer { return w.Do(w.Stack.Key, "PATCH", "/v1/customers/c", JSON{"id": "d"}) }},
		{"entities", "give a", posts("/v1/balances.create", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "words", "included_grant": 5, "balance_id": "gift"})},
	}},
	{"an entity has a product", func(w *World) { crew("a")(w); w.Attach("c", "premium", Of("a")) }, "", []rival{
		asks("ultra", Of("a")), asks("pro", Of("a")), ends("premium", Of("a")), ends("premium", Of("a"), Immediately()), asks("premium"), deletes("?cancel=true"),
		{"entities", "delete a", func(w *World) Answer { return w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/a", nil) }},
		{"update", "cancel premium of a by update", posts("/v1/billing.update", JSON{"customer_id": "c", "entity_id": "a", "plan_id": "premium", "cancel_action": "cancel_end_of_cycle"})},
	}},
	{"a renewal failed, its events are on the way", failed, `"SK":\{"S":"BALANCE#`, []rival{ // a reset that is due is written by the next command
		asks("addon_words"), asks("topup", Quantity("messages", 250)), {"webhook", goodCard, func(w *World) Answer { payWithGoodCard(w); return Answer{Status: 200} }},
		tells("customer.subscription.updated"), tells("invoice.payment_failed"),
	}},
}

func posts(path string, body JSON) func(w *World) Answer {
	return func(w *World) Answer { return w.Do(w.Stack.Key, "POST", path, body) }
}

func asks(product string, more ...JSON) rival {
	body := Merge(JSON{"customer_id": "c", "product_id": product}, more...)
	name := "attach " + product
	if _, page := body["force_checkout"]; page {
		name += " on a page"
	}
	if of, some := body["entity_id"]; some {
		name += fmt.Sprint(" to ", of)
	}
	if bought, some := body["options"].([]JSON); some {
		name += fmt.Sprint(" ", bought[0]["quantity"])
	}
	return rival{"attach", name, posts("/v1/attach", body)}
}

func ends(product string, more ...JSON) rival {
	body := Merge(JSON{"customer_id": "c", "product_id": product}, more...)
	name := "cancel " + product
	if body["cancel_immediately"] == true {
		name += " at once"
	}
	if body["prorate"] == true {
		name += ", credited"
	}
	return rival{"cancel", name, posts("/v1/cancel", body)}
}

func deletes(flags string) rival {
	return rival{"delete customer", "delete" + flags, func(w *World) Answer { return w.Do(w.Stack.Key, "DELETE", "/v1/customers/c"+flags, nil) }}
}

func tells(event string) rival {
	return rival{"webhook", event, func(w *World) Answer { return events(event).do(w)[0] }}
}

// TestTwoCommandsAtOnceEndLikeOneAfterTheOther brings each pair of commands
// together: one comes before each external call of the other, and both are sent
// at the same moment. The final state is that of one after the other, in either
// order; a command that was told to come again later has changed nothing.
func TestTwoCommandsAtOnceEndLikeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w, k := flow{prepare: s.prepare}.open(t)
			m := match{World: w, killer: k, leave: s.leave, start: w.Snapshot(), alone: map[string]finalState{}, points: map[string][]int{}}
			for _, a := range s.rivals {
				m.alone[a.name] = m.after(a)
				m.points[a.name] = meetings(m.calls)
			}
			for i, a := range s.rivals {
				for _, b := range s.rivals[i:] {
					m.play(a, b)
				}
			}
		})
	}
}

// A match is between the rivals of a situation.
type match struct {
	*World
	*killer
	sample
	leave  string
	start  func()
	alone  map[string]finalState // the final state of each by itself
	points map[string][]int      // the calls before which each can be met
	calls  []string              // of the last rival that came undisturbed
}

// after is the final state of rivals, one after the other.
func (m *match) after(rivals ...rival) finalState {
	m.Helper()
	m.start()
	m.live()
	for _, r := range rivals {
		r.do(m.World)
	}
	m.calls = m.seen()
	return m.close()
}

// play brings two rivals together, at every call of each.
func (m *match) play(a, b rival) {
	m.Helper()
	fair := []finalState{m.after(a, b), m.after(b, a)}
	for _, pair := range [][2]rival{{a, b}, {b, a}} {
		for _, n := range m.points[pair[0].name] {
			if !m.takes() {
				continue
			}
			var first, second Answer
			m.start()
			m.meets(n, func() { second = pair[1].do(m.World) })
			first = pair[0].do(m.World)
			m.meets(0, nil)
			m.judge(fmt.Sprintf("%s came before call %d of %s", pair[1].name, n, pair[0].name), a, b, fair, first, second)
		}
	}
	if a.name == b.name && a.name == goodCard {
		return // two calls each, a card and a payment: mixed they pay with the other's card, as in no order
	}
	var both sync.WaitGroup
	var first, second Answer
	m.start()
	m.live()
	both.Go(func() { first = a.do(m.World) })
	both.Go(func() { second = b.do(m.World) })
	both.Wait()
	m.judge(fmt.Sprintf("%s and %s at the same moment", a.name, b.name), a, b, fair, first, second)
}

// meetings picks the calls before which another command makes a difference: all
// but the database's reads, after which nothing has happened yet.
func meetings(calls []string) []int {
	var points []int
	for n, called := range calls {
		if strings.HasPrefix(called, "stripe") || conflict.possible(called) {
			points = append(points, n+1)
		}
	}
	return points
}

// meets calls what before the nth call from now on.
func (k *killer) meets(n int, what func()) {
	k.strike(n, meeting)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.meet = what
}

// close delivers all events, and reads the final state.
func (m *match) close() finalState {
	m.Helper()
	let(m.World)
	if m.leave != "" {
		return finalStateOf(m.World).without(fruitless).without(m.leave)
	}
	return finalStateOf(m.World).without(fruitless)
}

// fruitless matches attempts without an effect, which one of two orders may
// have avoided: declined charges, their objects, expired pages, the wording of
// a waiting operation. And the audit, which lists all of this.
const fruitless = `^(payment_intent|invoiceitem|customer|price|product)\t|"status":"(void|failed|expired)"|` +
	`\\"status\\":\\"void\\"|"SK":\{"S":"(AUDIT#|OPERATION#.*waiting)|#CATALOG(_VERSION)?"`

// judge finds the order that explains the result. A command that was answered
// 409 did nothing, and an event comes again; of two equal commands one may have
// been taken for a repetition of the other.
func (m *match) judge(how string, a, b rival, fair []finalState, answers ...Answer) {
	m.Helper()
	got := m.close()
	for _, got := range answers {
		if got.Status != 200 && (got.Status < 400 || got.Status >= 500 || got.Body["code"] == nil && got.Body["error"] == nil && got.Text != "an event") {
			m.Errorf("%s: one was answered %d %s", how, got.Status, got.Text)
		}
		if got.Status == 409 || a.name == b.name {
			fair = append(fair[:2:2], m.alone[a.name], m.alone[b.name])
		}
	}
	good := slices.ContainsFunc(fair, got.equal)
	tally(a.command, pairs, 1, good)
	if !good {
		least := fair[0].difference(got)
		for _, end := range fair {
			if d := got.difference(end); len(d) < len(least) {
				least = d
			}
		}
		m.Errorf("%s: answered %d %.200s and %d %.200s; the final state is that of no order. At the least they differ by:\n%s", how,
			answers[0].Status, answers[0].Text, answers[1].Status, answers[1].Text, least)
	}
}
