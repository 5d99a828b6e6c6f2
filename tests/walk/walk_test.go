package walk

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/local/stack"
	"windfall/shared/money"
	"windfall/tests/world"
)

// wanted is the total number of steps.
var wanted = flag.Int("walk.steps", 600, "steps of the random walk in all")

// walkSeed chooses the walks. The default is the same for everybody: a change
// should not fail on a new walk.
var walkSeed = flag.Uint64("walk.seed", 1, "seed of the walks and of the previews")

// tell prints every walk, also those that succeed.
var tell = flag.Bool("walk.tell", false, "print every step of the random walk")

// each is the length of a walk; a longer one is hard to read.
const each = 40

// TestMain: a step takes a whole stack, so fewer walks are drawn than for a
// property of a rule, and they get more time to be shortened.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.shrinktime", "2m")
	flag.Parse()
	if err := checkChosen(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	_ = flag.Set("rapid.checks", fmt.Sprint(max(1, *wanted/each)))
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" {
		_ = flag.Set("rapid.seed", fmt.Sprint(*walkSeed))
	}
	os.Exit(m.Run())
}

// A walker takes the steps of one walk in a world of its own.
type walker struct {
	w        *world.World
	currency money.Currency
	taxed    bool
	paysIn   map[string]money.Currency
	t        *rapid.T
	saboteur *saboteur
	story    []string
	pages    map[string]string // the page that a customer was sent to last
	codeOn   map[string]string // the code that a page takes off; one that leaves nothing to pay has no invoice
	last     map[string]request
	owed     map[string]int64 // of overage, closed so far
	asked    int
	ledgers  map[string]*ledger
	ids      map[string][]string  // of each customer at Stripe, the first one first
	forgiven map[string]int64     // invoices that somebody voided at Stripe
	compared int                  // with the ledger
	staffed  map[string]time.Time // when staff last changed what a customer pays for
	tried    map[string]bool      // a customer and a product, of which staff gave them another trial
}

// TestWalk takes random walks, and checks every customer after every step.
func TestWalk(t *testing.T) {
	t.Parallel()
	s := &saboteur{}
	w := world.With(t, stack.Options{Faults: stack.Faults{DynamoDB: s.between, Stripe: s.between, Hurry: true}})
	taken, compared := map[string]int{}, 0
	rapid.Check(t, func(r *rapid.T) {
		walk := steps(each).Draw(r, "walk")
		k := &walker{w: w, saboteur: s, currency: rapid.SampledFrom(sellIn).Draw(r, "currency")}
		k.begin(r)
		for _, s := range walk {
			d := k.one(r, s)
			taken["steps"]++
			taken["in "+string(k.currency)]++
			taken[strings.TrimSpace(s.do+" "+d.code)]++
		}
		for _, currency := range k.paysIn {
			taken["customers in "+string(currency)]++
		}
		compared += k.compared
		if *tell {
			t.Log("a walk:\n" + strings.Join(k.story, "\n"))
		}
	})
	t.Logf("%d comparisons with the ledger; taken: %v", compared, taken)
}

// begin empties the world and opens the shop.
func (k *walker) begin(t *rapid.T) {
	if err := k.w.Stack.Reset(k.w.Context()); err != nil {
		t.Fatal(err)
	}
	k.sellIn(t)
	k.paysIn = map[string]money.Currency{}
	k.pages, k.codeOn, k.last, k.owed = map[string]string{}, map[string]string{}, map[string]request{}, map[string]int64{}
	k.ledgers, k.forgiven = map[string]*ledger{}, map[string]int64{}
	k.ids, k.tried, k.staffed = map[string][]string{}, map[string]bool{}, map[string]time.Time{}
	k.taxed = rapid.Bool().Draw(t, "taxed")
	stock(k.w, k.currency, k.taxed)
	if k.taxed {
		k.w.Call("PATCH", "/v1/settings", world.JSON{"automatic_tax": true})
	}
	for _, id := range people {
		body := world.JSON{"id": id, "address": world.JSON{"country": "DE"}}
		if id != "cyd" {
			body["fingerprint"] = "device"
		}
		if c := rapid.SampledFrom(slices.Concat([]money.Currency{"", "", ""}, sellIn)).Draw(t, id+" pays in"); c != "" {
			body["currency"] = c
		}
		k.w.Post("/v1/customers", body)
		if id != "cyd" {
			k.post(t, "/_local/customers/"+id+"/payment_method", world.JSON{"payment_method": "pm_card_visa"})
		}
	}
}

// one takes a step and checks the invariants after it.
func (k *walker) one(t *rapid.T, s step) deed {
	before := map[string]view{}
	for _, id := range people {
		before[id] = k.look(t, id)
	}
	d := k.take(t, s)
	if d.silent || d.prorated {
		k.staffed[people[s.who]] = before[people[s.who]].now
	}
	k.quiet(t)
	for i, id := range people {
		if i != s.who && d.do != "clock" && !d.disturbed {
			continue
		}
		after := k.look(t, id)
		if before[id].strange() || after.strange() { // told of a price that the walk put there
			k.w.ForgetInvoiceMismatches()
		}
		k.always(t, id, after)
		k.between(t, id, d, before[id], after)
		k.money(t, id, d, before[id], after)
	}
	return d
}

// fail ends the walk and prints its story.
func (k *walker) fail(t *rapid.T, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf("%s\nThe walk so far:\n%s", fmt.Sprintf(format, args...), strings.Join(k.story, "\n"))
	if *tell {
		k.w.Log("a failure, now to be shortened: " + text)
	}
	t.Fatal(text)
}

func day(at time.Time) string { return at.Format("2006-01-02 15:04:05") }
