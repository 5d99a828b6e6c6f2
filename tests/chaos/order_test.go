package chaos

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A history is the changes at Stripe while their events are on the way. To have
// the events of a new command proven, add the changes that cause them to the
// list.
type history struct {
	command string
	name    string
	prepare func(w *World) // delivered before; may be nil
	happen  func(w *World) // its events are delivered in every order
}

var histories = []history{
	{"attach", "a page is paid", nil, func(w *World) { payPage(w, "pro") }},
	{"attach", "a page of an add-on is paid", held("pro"), func(w *World) { payPage(w, "addon_words", JSON{"force_checkout": true}) }},
	{"attach", "card on file", card, func(w *World) { w.Attach("c", "pro") }},
	{"attach", "a one-off", card, func(w *World) { w.Attach("c", "topup", Quantity("messages", 250)) }},
	{"attach", "an invoice is sent, and paid", nil, func(w *World) { w.Attach("c", "pro", JSON{"invoice_only": true}); payOpenInvoices(w) }},
	{"attach", "a billing day, and that day", card, func(w *World) { w.Attach("c", "use", JSON{"billing_cycle_anchor": 31}); toRenewal(w) }},
	{"attach", "upgrade that begins a full period", overdrawn, func(w *World) { w.Attach("c", "premium", JSON{"billing_cycle_anchor": "now"}) }},
	{"webhook", "two months of a year", held("year_use"), func(w *World) {
		w.Track("c", "messages", 155)
		toRenewal(w)
		w.Track("c", "messages", 125)
		w.Advance("1 month")
	}},
	{"webhook", "the last month of a year, while the renewal is a draft", yearEnds, func(w *World) { w.AdvanceTo(theRenewal.AddDate(0, 11, 0).Add(10 * time.Minute)) }},
	{"attach", "upgrade", overdrawn, func(w *World) { w.Attach("c", "premium") }},
	{"attach", "downgrade, and its day", held("premium"), func(w *World) { w.Attach("c", "pro"); toRenewal(w) }},
	{"attach", "downgrade to free, and its day", held("pro"), func(w *World) { w.Attach("c", "free"); toRenewal(w) }},
	{"attach", "downgrade, withdrawn", held("premium"), func(w *World) { w.Attach("c", "pro"); w.Attach("c", "premium") }},
	{"cancel", "with the period, and its day", held("pro"), func(w *World) { w.Cancel("c", "pro"); toRenewal(w) }},
	{"cancel", "at once", held("pro"), func(w *World) { w.Cancel("c", "pro", Immediately()) }},
	{"cancel", "at once, credited", held("pro"), func(w *World) { w.Cancel("c", "pro", Immediately(), JSON{"prorate": true}) }},
	{"cancel", "at once, while the renewal is a draft", draftHour, func(w *World) { w.Cancel("c", "use", Immediately()) }},
	{"cancel", "and uncancel", held("pro"), func(w *World) { w.Cancel("c", "pro"); w.Attach("c", "pro") }},
	{"webhook", "renewal", held("pro"), toRenewal},
	{"webhook", "failed renewal", heldWithBadCard, toRenewal},
	{"webhook", "recovery", func(w *World) { heldWithBadCard(w); toRenewal(w) }, payWithGoodCard},
	{"webhook", "failed renewal and recovery", heldWithBadCard, func(w *World) { toRenewal(w); payWithGoodCard(w) }},
	{"webhook", "subscription deleted", held("pro", "addon_words"), deleteFirst},
	{"webhook", "subscription deleted, with a downgrade scheduled", held("premium", "pro"), deleteFirst},
	{"webhook", "a draft is made and deleted", held("pro"), deletedDraft},
	{"webhook", "a top-up is refunded in part", toppedUp, takeBack("refund", 300)},
	{"webhook", "a top-up is refunded twice", toppedUp, func(w *World) { takeBack("refund", 300)(w); takeBack("refund", 600)(w) }},
	{"webhook", "a top-up is disputed", toppedUp, takeBack("dispute", 900)},
	{"webhook", "a top-up is disputed, and won", toppedUp, disputeAnd("won")},
	{"webhook", "a top-up is disputed, and lost", toppedUp, disputeAnd("lost")},
	{"webhook", "a top-up is bought on a page and refunded", nil, func(w *World) { payPage(w, "topup", Quantity("messages", 250)); takeBack("refund", 300)(w) }},
	{"webhook", "a top-up is bought with a card that disputes", func(w *World) { w.PutCard("c", "pm_card_createDispute") }, func(w *World) { w.Attach("c", "topup", Quantity("messages", 250)) }},
	{"webhook", "a subscription is refunded, and goes on", held("pro"), takeBack("refund", 2000)},
	{"webhook", "a subscription is disputed, which ends it", func(w *World) { disputeEnds(w); held("pro")(w) }, takeBack("dispute", 2000)},
	{"credits", "a renewal that they pay in part is issued, and refunded in part", creditsOnADraft, func(w *World) { w.Advance("3h"); takeBack("refund", 1000)(w) }},
	{"credits", "a customer with a draft that they pay for is deleted at Stripe", creditsOnADraft, func(w *World) { w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "") }},
	{"delete customer", "and somebody else comes", overdrawn, func(w *World) {
		w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
		w.Post("/v1/customers", JSON{"id": "c"})
	}},
	{"webhook", "deleted while past due", func(w *World) { heldWithBadCard(w); toRenewal(w) }, deleteFirst},
}

// exhaustive is the number of events that are tried in all orders; of more, a
// sample of orders is.
func exhaustive() (events, samples int) {
	if *oneOf > 1 {
		return 5, 8
	}
	return 6, 20
}

// TestEventsInAnyOrderEndTheSame delivers Stripe's events in every order, once
// and twice over, and finds the same final state: that of the order in which
// they happened.
func TestEventsInAnyOrderEndTheSame(t *testing.T) {
	t.Parallel()
	for _, h := range histories {
		t.Run(h.command+", "+h.name, func(t *testing.T) {
			t.Parallel()
			w, _ := flow{prepare: h.prepare}.open(t)
			let(w)
			start := w.Snapshot()
			h.happen(w)
			live, seen := finalStateOf(w).without(interim), w.Customer("c", "invoices")
			start()
			s := h.late(w)
			w.Stack.Sim.Deliver(w.Context(), s.ids, false)
			if got := finalStateOf(w).without(interim); !got.equal(live) {
				t.Errorf("delivered late, the final state is not that of a delivery at once:\n%s", got.difference(live))
			}
			w.Want("the customer, when all was delivered late", w.Customer("c", "invoices"), seen)
		})
	}
}

// late holds the events of a history back, and delivers them in different orders.
// It returns to the moment before the first of them.
func (h history) late(w *World) shuffle {
	hold(w)
	before := len(w.Stack.Sim.Events())
	h.happen(w)
	s := shuffle{World: w, history: h, ids: telling(w, before)}
	late := w.Snapshot()
	for _, s.twice = range []bool{false, true} {
		s.run(late)
	}
	return s
}

// interim matches rows that depend on the time of delivery: the audit has no
// entry for a failure that was over before its event came, and a due reset may
// be written or only computed at each read. The customer in the API is compared
// instead.
const interim = `"SK":\{"S":"(AUDIT|BALANCE)#`

// A shuffle delivers events in different orders.
type shuffle struct {
	*World
	history history
	ids     []string
	twice   bool
	want    finalState     // of the first order, as created
	known   map[string]int // delivered events and their state -> number of orders that continue from there
}

func (s *shuffle) run(start func()) {
	s.Helper()
	s.want, s.known = finalState{}, map[string]int{}
	n := 0
	most, samples := exhaustive()
	if len(s.ids) <= most {
		n = s.every(nil)
	} else {
		draw := rand.New(rand.NewPCG(1, uint64(len(s.ids))))
		for n = range samples {
			order := slices.Clone(s.ids)
			if n > 0 {
				draw.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			start()
			for _, id := range order {
				s.deliver(id)
			}
			s.end(order)
		}
		n++
	}
	start()
	tally(s.history.command, orders, n, !s.Failed())
	s.Logf("%s: %d events in %d orders (each twice: %v)", s.history.name, len(s.ids), n, s.twice)
}

// every continues in all orders from the delivered events, and returns the
// number of orders. Orders that meet in the same state continue together.
func (s *shuffle) every(delivered []string) int {
	s.Helper()
	at := slices.Sorted(slices.Values(delivered))
	key := strings.Join(append(at, finalStateOf(s.World).digest()...), "\n")
	if n, been := s.known[key]; been {
		return n
	}
	n := 0
	if len(delivered) == len(s.ids) {
		n = 1
		s.end(delivered)
	} else {
		here := s.Snapshot()
		for _, id := range s.ids {
			if !slices.Contains(delivered, id) {
				here()
				s.deliver(id)
				n += s.every(append(slices.Clone(delivered), id))
			}
		}
	}
	s.known[key] = n
	return n
}

func (s *shuffle) deliver(id string) {
	s.Helper()
	ids := []string{id}
	if s.twice {
		ids = append(ids, id)
	}
	for _, status := range s.Stack.Sim.Deliver(s.Context(), ids, false) {
		if status != 200 {
			s.Errorf("an event was answered %d", status)
		}
	}
}

// end closes an order: all events again, backwards, change nothing.
func (s *shuffle) end(order []string) {
	s.Helper()
	if s.twice {
		for _, id := range slices.Backward(order) {
			s.deliver(id)
		}
	}
	got := finalStateOf(s.World)
	if s.want.rows == nil {
		s.want = got
	}
	if !got.equal(s.want) {
		s.Errorf("after %v the final state differs:\n%s", s.types(order), got.difference(s.want))
	}
}

func (s *shuffle) types(ids []string) []string {
	var out []string
	for _, id := range ids {
		for _, e := range s.Stack.Sim.Events() {
			if e.ID == id {
				out = append(out, e.Type)
			}
		}
	}
	return out
}

// telling lists the events since the first n that can have an effect. The
// others are delivered here, once: they change nothing.
func telling(w *World, n int) []string {
	w.Helper()
	var ids, others []string
	for _, e := range w.Stack.Sim.Events()[n:] {
		if about.MatchString(e.Type) {
			ids = append(ids, e.ID)
		} else {
			others = append(others, e.ID)
		}
	}
	before := finalStateOf(w)
	w.Stack.Sim.Deliver(w.Context(), others, false)
	if after := finalStateOf(w); !after.equal(before) {
		w.Errorf("an event without effect changed something:\n%s", after.difference(before))
	}
	return ids
}

var about = regexp.MustCompile(`^(checkout\.session|invoice|customer\.(subscription|discount)|subscription_schedule)\.|^charge\.(refund|dispute)`)

func payPage(w *World, product string, more ...JSON) {
	w.Helper()
	w.Pay(w.Attach("c", product, more...)["checkout_url"].(string))
}

func heldWithBadCard(w *World) {
	held("pro")(w)
	w.PutFailingCard("c")
}

// yearEnds prepares a year in its last month, with overage.
func yearEnds(w *World) {
	w.Helper()
	held("year_use")(w)
	w.AdvanceTo(theRenewal.AddDate(0, 10, 3))
	w.Track("c", "messages", 155)
}

func toRenewal(w *World) { w.Helper(); w.AdvanceTo(theRenewal.Add(2 * time.Hour)) }

func payWithGoodCard(w *World) {
	w.Helper()
	w.PutGoodCard("c")
	payOpenInvoices(w)
}

// payOpenInvoices skips an invoice that was paid meanwhile.
func payOpenInvoices(w *World) {
	w.Helper()
	for _, i := range w.Invoices("c") {
		if i.Status != "open" {
			continue
		}
		a := w.Do(w.Stack.Key, "POST", "/_local/invoices/"+i.ID+"/pay", nil)
		if a.Status != http.StatusOK && a.Body["code"] != "invoice_already_paid" {
			w.Errorf("pay %s: %d %s", i.ID, a.Status, a.Text)
		}
	}
}

func deletedDraft(w *World) {
	w.Helper()
	id := w.Customer("c")["stripe_id"].(string)
	_, text, err := w.Stack.Stripe(http.MethodPost, "/v1/invoices", url.Values{"customer": {id}})
	if err != nil {
		w.Fatal(err)
	}
	if status, text, err := w.Stack.Stripe(http.MethodDelete, "/v1/invoices/"+ValueAt(ParseJSON(w.T, text), "id").(string), nil); status != http.StatusOK || err != nil {
		w.Fatal(status, string(text), err)
	}
}

func deleteFirst(w *World) {
	w.Helper()
	w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
}
