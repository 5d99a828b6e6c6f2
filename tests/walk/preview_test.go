package walk

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"windfall/local/stripesim/object"
	"windfall/shared/money"
	"windfall/tests/world"
)

// previews is the total number of purchases with a preview.
var previews = flag.Int("walk.previews", 100, "purchases whose preview is compared with the charge")

// perTable is the number of customers in one world: they share its moves of the
// clock, which cost the most.
const perTable = 20

// A wish is a customer, their products, and their purchase.
type wish struct {
	id          string
	currency    money.Currency
	first, then world.JSON // products; first may be nil
	had, wants  int        // prepaid quantities
	late        bool       // the first was bought some days after the others
	used        int
	byInvoice   bool
	reward      world.JSON // made for the customer; nil for none
	gives       string     // "first" or "then": which purchase comes with it
	settled     string     // what became of the invoice of the first: "" is paid by card, "open" is nothing
	day, begins any        // billing_cycle_anchor of the first purchase and of the other; nil for none
}

// TestAPreviewIsTheCharge buys and changes random products at random moments.
// The preview, the checkout call and Stripe's invoice have the same total and
// the same lines; and Stripe bills the next period as the preview said.
func TestAPreviewIsTheCharge(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	bought, codes, seed := 0, map[string]int{}, *walkSeed
	for ; bought < *previews && !t.Failed(); seed++ {
		previewer{w, rand.New(rand.NewPCG(seed, 7)), rand.New(rand.NewPCG(seed, 8)), seed%2 == 0, codes}.table()
		bought += perTable
	}
	t.Logf("%d purchases, seeds %d to %d: %v", bought, *walkSeed, seed-1, codes)
}

type previewer struct {
	*world.World
	r     *rand.Rand
	tax   *rand.Rand // draws what is about taxes
	taxed bool       // in every other world taxes are computed
	codes map[string]int
}

// table lets twenty customers buy, waits, lets them change, and waits for the
// next charge.
func (p previewer) table() {
	p.must(p.Stack.Reset(p.Context()))
	for _, f := range []string{"messages", "words", "seats"} {
		p.Feature(f, "single_use")
	}
	if p.taxed {
		p.Call("PATCH", "/v1/settings", world.JSON{"automatic_tax": true})
	}
	p.Advance(fmt.Sprintf("%dd", p.r.IntN(60)))
	var wishes []wish
	for i := range perTable {
		wishes = append(wishes, p.wish(i))
	}
	for _, late := range []bool{false, true} {
		for _, c := range wishes {
			if c.late == late {
				p.enter(c)
			}
		}
		p.Advance(fmt.Sprintf("%dm", p.r.IntN(9*24*60)))
	}
	p.AdvanceTo(p.Stack.Sim.Now().Add(time.Duration(p.r.IntN(5*24*3600)) * time.Second))
	due := map[string]dueNext{}
	for _, c := range wishes {
		if c.used > 0 {
			p.Track(c.id, "words", c.used)
		}
		due[c.id] = p.buy(c)
		p.paidBefore(c)
	}
	p.Advance("33d")
	for _, c := range wishes {
		p.renews(c, due[c.id])
	}
}

func (p previewer) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// A shownLine is a line of a preview.
type shownLine struct{ Amount, Discount json.Number }

func (c wish) net(l shownLine) int64 {
	if l.Discount == "" {
		return c.minor(l.Amount)
	}
	return c.minor(l.Amount) - c.minor(l.Discount)
}

// net is a line of an invoice less its discounts.
func net(l *object.InvoiceLine) int64 {
	left := l.Amount
	for _, d := range l.DiscountAmounts {
		left -= d.Amount
	}
	return left
}

// A dueNext is the next period in a preview.
type dueNext struct {
	Lines []shownLine `json:"line_items"`
	At    int64       `json:"due_at"`
}

type previewed struct {
	Today struct {
		Lines []shownLine `json:"line_items"`
		Total json.Number
	} `json:"due_today"`
	Next *dueNext `json:"due_next_cycle"`
	Tax  bool     `json:"automatic_tax"`
}

// minor is an amount in the minor unit of the customer's currency.
func (c wish) minor(n json.Number) int64 {
	return decimal.RequireFromString(n.String()).Shift(c.currency.Exponent()).IntPart()
}

// amounts lists amounts above or below 0, in order: Stripe also has lines of
// zero, for trials and for prices by usage.
func amounts[T any](lines []T, of func(T) int64) (out []int64, sum int64) {
	for _, l := range lines {
		if a := of(l); a != 0 {
			out, sum = append(out, a), sum+a
		}
	}
	slices.Sort(out)
	return out, sum
}

// buy previews, asks checkout, attaches, and compares the three.
func (p previewer) buy(c wish) dueNext {
	body := order(c, c.then, c.wants)
	if c.byInvoice {
		body["invoice_only"] = true
	}
	if c.begins != nil {
		body["billing_cycle_anchor"] = c.begins
	}
	c.rewarded(body, "then")
	before := len(p.invoicesOf(c))
	said, checkout := p.Do(p.Stack.Key, "POST", "/v1/attach/preview", body), p.Do(p.Stack.Key, "POST", "/v1/checkout", body)
	done := p.Do(p.Stack.Key, "POST", "/v1/attach", body)
	p.WaitIdle()
	if said.Status != done.Status || checkout.Status != done.Status {
		p.Errorf("%s: preview %d, checkout %d, attach %d: %s", describe(body, c), said.Status, checkout.Status, done.Status, done.Text)
	}
	p.codes[fmt.Sprint(done.Body["code"])]++
	if done.Status != 200 {
		return dueNext{}
	}
	var v previewed
	p.must(json.Unmarshal([]byte(said.Text), &v))
	lines, sum := amounts(v.Today.Lines, c.net)
	var billed []*object.InvoiceLine
	made := p.invoicesOf(c)[before:]
	for _, in := range made {
		if in.Currency != string(c.currency) || said.Body["currency"] != in.Currency || checkout.Body["currency"] != in.Currency {
			p.Errorf("%s: billed in %s, previewed in %v and %v", describe(body, c), in.Currency, said.Body["currency"], checkout.Body["currency"])
		}
		billed = append(billed, in.Lines.Data...)
		if in.AutomaticTax.Enabled != v.Tax {
			p.Errorf("%s: the preview says that a tax comes on top: %t, and the invoice has %+v", describe(body, c), v.Tax, in.AutomaticTax)
		}
		if sum != in.Total-onTop(in) {
			p.Errorf("%s: the preview says %d before tax, and the invoice is of %d with a tax of %d", describe(body, c), sum, in.Total, onTop(in))
		}
		if tax := onTop(in); tax != 0 {
			p.codes["taxed"]++
		}
	}
	got, total := amounts(billed, net)
	if sum != c.minor(v.Today.Total) || total != sum || !slices.Equal(got, lines) || len(made) > 1 {
		p.Errorf("%s → %v:\npreview %v = %d\ncharged %v = %d on %d invoices", describe(body, c), done.Body["code"], lines, sum, got, total, len(made))
	}
	if at := c.minor(json.Number(fmt.Sprint(checkout.Body["total"]))); at != sum {
		p.Errorf("%s: checkout says %d, the preview %d", describe(body, c), at, sum)
	}
	if v.Next == nil {
		return dueNext{}
	}
	return *v.Next
}

// paidBefore checks that nothing comes back that was not paid, or is on the draft of a
// renewal: what a change gives back of that is charged with it within the hour.
func (p previewer) paidBefore(c wish) {
	paid, back := int64(0), int64(0)
	for _, in := range p.invoicesOf(c) {
		back += max(0, -in.Total)
		if c.reward != nil && c.reward["type"] == "invoice_credits" { // which pay as money does
			paid += max(0, in.Subtotal+onTop(in))
		} else if in.Status == "draft" && in.AutoAdvance {
			paid += max(0, in.Total)
		} else {
			paid += in.AmountPaid
		}
	}
	if p.taxed {
		back -= int64(len(p.invoicesOf(c))) * 4 // each line has a tax that is rounded
	}
	if back > paid {
		p.Errorf("%s: %d came back and %d was paid", describe(c.then, c), back, paid)
	}
}

// renews compares dueNext with the invoice of that moment, or, if that is far
// away, with Stripe's own preview of it.
func (p previewer) renews(c wish, next dueNext) {
	if next.At == 0 {
		return
	}
	want, _ := amounts(next.Lines, c.net)
	at := time.UnixMilli(next.At).Unix()
	var lines []*object.InvoiceLine
	found := false
	for _, in := range p.invoicesOf(c) {
		if in.BillingReason == "subscription_cycle" && in.Created == at {
			lines, found = append(lines, in.Lines.Data...), true
		}
	}
	if !found {
		lines, found = p.upcoming(c, at)
	}
	if !found {
		p.Errorf("%s: nothing is due on %s", describe(c.then, c), time.Unix(at, 0).UTC())
	}
	got, _ := amounts(lines, func(l *object.InvoiceLine) int64 {
		if l.Metadata["use"] != "" {
			return 0 // usage comes on top
		}
		return net(l)
	})
	if fixed := c.reward != nil && c.reward["type"] == "fixed_discount"; !slices.Equal(got, want) && (!fixed || len(got) == len(lines)) { // use takes a part of an amount
		p.Errorf("%s: the preview said that %v is due on %s, and it is %v", describe(c.then, c), want, time.Unix(at, 0).UTC(), got)
	}
}

func (p previewer) invoicesOf(c wish) []*object.Invoice {
	s, _, err := p.Stack.Customer(p.Context(), c.id)
	p.must(err)
	return listed[object.Invoice](p, url.Values{"customer": {s.Customer.StripeID}, "limit": {"100"}}, "/v1/invoices")
}

// upcoming finds Stripe's upcoming invoice for a moment.
func (p previewer) upcoming(c wish, at int64) ([]*object.InvoiceLine, bool) {
	s, _, err := p.Stack.Customer(p.Context(), c.id)
	p.must(err)
	for _, sub := range listed[object.Subscription](p, url.Values{"customer": {s.Customer.StripeID}}, "/v1/subscriptions") {
		if sub.CurrentPeriodEnd == at {
			_, text, err := p.Stack.Stripe("GET", "/v1/invoices/upcoming", url.Values{"subscription": {sub.ID}})
			p.must(err)
			var in object.Invoice
			p.must(json.Unmarshal(text, &in))
			return in.Lines.Data, true
		}
	}
	return nil, false
}

// listed reads a list of at most a hundred, oldest first.
func listed[T any](p previewer, values url.Values, path string) (out []*T) {
	_, text, err := p.Stack.Stripe("GET", path, values)
	p.must(err)
	var page struct{ Data []*T }
	p.must(json.Unmarshal(text, &page))
	slices.Reverse(page.Data)
	return page.Data
}

func describe(body world.JSON, c wish) string {
	asked, _ := json.Marshal(body)
	first, _ := json.Marshal(c.first)
	then, _ := json.Marshal(c.then)
	given, _ := json.Marshal(c.reward)
	return fmt.Sprintf("%s\n  holds %d of %s %s\n  wants %d of %s, used %d\n  %s with %s, first on day %v\n", asked, c.had, first, c.settled, c.wants, then, c.used, c.gives, given, c.day)
}
