package payments_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

func TestSubscriptionOnTheCardOnFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, seatsStep, setupStep,
		subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine, seatsLine, setupLine}, Card: card}))

	in := r.Invoice
	if r.Period != month || !r.TrialEnds.IsZero() || r.CustomerID != id || in == nil {
		t.Fatalf("got %+v", r)
	}
	if in.Status != "paid" || in.Total != 2000+3*500+9900 || in.Currency != "usd" || in.SubscriptionID != r.SubscriptionID || in.StripeCustomerID != id ||
		in.OperationID != "op_1" || !slices.Equal(in.ProductIDs, []string{"pro"}) || in.URL == "" || !in.CreatedAt.Equal(start) {
		t.Errorf("invoice %+v", *in)
	}
	sub, err := w.pay.Subscription(t.Context(), catalog.Sandbox, r.SubscriptionID)
	want := billing.Subscription{ID: r.SubscriptionID, Status: "active", StripeCustomerID: id, OperationID: "op_1", Period: month,
		Items: []billing.SubscriptionItem{{PriceID: r.Prices["pr_base"], Quantity: 1}, {PriceID: r.Prices["pr_seats"], Quantity: 3}}}
	if err != nil || !reflect.DeepEqual(sub, want) {
		t.Errorf("read %+v, %v", sub, err)
	}
	read, err := w.pay.Invoice(t.Context(), catalog.Sandbox, in.StripeID)
	if err != nil || read.OperationID != "op_1" || !slices.Equal(read.ProductIDs, []string{"pro"}) || read.Total != in.Total || read.Status != "paid" {
		t.Errorf("read %+v, %v", read, err)
	}
}

func TestRenewalInvoiceIsNotTheOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}))
	if err := w.sim.AdvanceTo(t.Context(), month.End.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	sub, err := w.pay.Subscription(t.Context(), catalog.Sandbox, r.SubscriptionID)
	if err != nil || !sub.Period.Start.Equal(month.End) {
		t.Fatalf("read %+v, %v", sub, err)
	}
	for _, o := range w.list("/v1/invoices") {
		in, err := w.pay.Invoice(t.Context(), catalog.Sandbox, o.text("id"))
		first := in.StripeID == r.Invoice.StripeID
		if err != nil || (in.OperationID == "op_1") != first || !slices.Equal(in.ProductIDs, []string{"pro"}) || in.SubscriptionID != r.SubscriptionID {
			t.Errorf("read %+v, %v", in, err)
		}
	}
}

func TestSubscriptionRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attached string
		card     string // instead of the attached one
		kind     refusal.Kind
		change   func(*billing.NewSubscription)
	}{
		"the charge fails":          {attached: "pm_card_chargeCustomerFail", kind: refusal.KindDeclined},
		"the card wants the person": {attached: "pm_card_authenticationRequired", kind: refusal.KindDeclined},
		"the card is gone":          {attached: "pm_card_visa", card: "pm_unknown", kind: refusal.KindDeclined},
		"a coupon that can't be": {attached: "pm_card_visa", kind: refusal.KindInvalid,
			change: func(n *billing.NewSubscription) {
				n.Coupon = new(everything(func(c *billing.Coupon) { c.Percent = dec(t, "101") }))
			}},
		"a price nobody made": {attached: "pm_card_visa", kind: refusal.KindInvalid,
			change: func(n *billing.NewSubscription) { n.Lines[0].StripeID = "price_unknown" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, card := w.customer(c.attached)
			if c.card != "" {
				card = c.card
			}
			n := billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card}
			if c.change != nil {
				c.change(&n)
			}
			r := w.mustTake(billing.Results{CustomerID: id}, baseStep)
			for range 2 { // repeated, the answer stays the same
				if _, err := w.take(r, subscribeStep(n)); kindOf(err) != c.kind {
					t.Errorf("err = %v, want %s", err, c.kind)
				}
			}
			if left := w.list("/v1/subscriptions?status=all"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestSubscriptionWithATrial(t *testing.T) {
	t.Parallel()
	ends := start.AddDate(0, 0, 7)
	for name, c := range map[string]struct {
		card  string
		after string // status at the end of the trial
	}{
		"with a card":    {"pm_card_visa", "active"},
		"without a card": {"", "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, card := w.customer(c.card)
			r := w.mustTake(billing.Results{CustomerID: id}, baseStep,
				subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card, TrialEnd: ends}))
			if !r.TrialEnds.Equal(ends) || r.Period != (money.Period{Start: start, End: ends}) || r.Invoice == nil || r.Invoice.Total != 0 || r.Invoice.Status != "paid" {
				t.Fatalf("got %+v", r)
			}
			if err := w.sim.AdvanceTo(t.Context(), ends.AddDate(0, 0, 1)); err != nil {
				t.Fatal(err)
			}
			sub, err := w.pay.Subscription(t.Context(), catalog.Sandbox, r.SubscriptionID)
			if err != nil || sub.Status != c.after || sub.EndedAt.IsZero() != (c.after == "active") {
				t.Errorf("after the trial: %+v, %v", sub, err)
			}
		})
	}
}

func TestSubscriptionByInvoice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		draft  bool
		status string
	}{{false, "open"}, {true, "draft"}} {
		w := newWorld(t)
		id, _ := w.customer("")
		r := w.mustTake(billing.Results{CustomerID: id}, baseStep,
			subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, DraftInvoice: c.draft, CollectWithin: 30}))
		if r.Invoice == nil || r.Invoice.Status != c.status || r.Invoice.Total != 2000 || (r.Invoice.URL == "") != c.draft {
			t.Fatalf("draft %v: got %+v", c.draft, r.Invoice)
		}
		if err := w.sim.AdvanceTo(t.Context(), start.AddDate(0, 0, 2)); err != nil {
			t.Fatal(err)
		}
		in, err := w.pay.Invoice(t.Context(), catalog.Sandbox, r.Invoice.StripeID)
		if err != nil || in.Status != c.status {
			t.Errorf("draft %v, two days later: %+v, %v", c.draft, in, err)
		}
	}
}

// A purchase of each kind is lowered by its coupon, and asked again it is the same.
func TestPurchasesTakeACoupon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	half := everything(func(c *billing.Coupon) { c.Percent = money.Int(50) })
	for name, step := range map[string]func(card string) billing.Step{
		"a subscription": func(card string) billing.Step {
			return subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card, Coupon: &half})
		},
		"an invoice": func(card string) billing.Step {
			return billing.Step{Name: "invoice", Invoice: &billing.NewInvoice{Currency: "usd", Lines: []billing.PriceLine{line("pr_once", 1)}, Card: card, Coupon: &half}}
		},
	} {
		id, card := w.customer("pm_card_visa")
		r := w.mustTake(billing.Results{CustomerID: id}, baseStep, priceStep("pr_once", 900, money.Never), step(card))
		again := w.mustTake(billing.Results{CustomerID: id, Prices: r.Prices}, step(card))
		if full := r.Invoice.Totals.Sum; r.Invoice.Total*2 != full || full == 0 || again.Invoice.StripeID != r.Invoice.StripeID {
			t.Errorf("%s: %+v, then %+v", name, r.Invoice, again.Invoice)
		}
	}
}

func TestSubscriptionThatIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.pay.Subscription(t.Context(), catalog.Sandbox, "sub_nope")
	if kindOf(err) != refusal.KindNotFound || errors.Is(err, refusal.ErrStripeUnavailable) {
		t.Errorf("err = %v", err)
	}
}
