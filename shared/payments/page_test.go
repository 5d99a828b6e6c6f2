package payments_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

func TestPageUntilItIsPaid(t *testing.T) {
	t.Parallel()
	adjustable := seatsLine
	adjustable.Adjust = true
	for name, c := range map[string]struct {
		page  billing.NewSession
		pay   string
		packs map[string]int64
		total money.Amount
		trial bool
	}{
		"a subscription": {billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine, setupLine}},
			`{"payment_method":"pm_card_visa"}`, map[string]int64{"pr_base": 1, "pr_setup": 1}, 2000 + 9900, false},
		"more seats than offered": {billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine, adjustable}},
			`{"payment_method":"pm_card_visa","quantities":{"seats":7}}`, map[string]int64{"pr_base": 1, "pr_seats": 7}, 2000 + 7*500, false},
		"no seats at all": {billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine, adjustable}},
			`{"payment_method":"pm_card_visa","quantities":{"seats":0}}`, map[string]int64{"pr_base": 1, "pr_seats": 0}, 2000, false},
		"a trial with a card": {billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine}, TrialDays: 7},
			`{"payment_method":"pm_card_visa"}`, map[string]int64{"pr_base": 1}, 0, true},
		"a trial without a card": {billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine}, TrialEnd: start.AddDate(0, 0, 7), CardLater: true},
			`{}`, map[string]int64{"pr_base": 1}, 0, true},
		"a purchase": {billing.NewSession{Lines: []billing.PriceLine{setupLine}},
			`{"payment_method":"pm_card_visa"}`, map[string]int64{"pr_setup": 1}, 9900, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, _ := w.customer("")
			r := w.mustTake(billing.Results{CustomerID: id}, baseStep, seatsStep, setupStep, pageStep(c.page))
			s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID)
			if err != nil || s.Status != "open" || s.OperationID != "op_1" || s.CustomerID != id || s.Results.URL != r.URL || s.Results.SubscriptionID != "" || !s.Results.PaidAt.IsZero() {
				t.Fatalf("before: %+v, %v", s, err)
			}
			if status, out := w.complete(r.URL, c.pay); status != 200 {
				t.Fatalf("complete: %d %v", status, out)
			}
			s, err = w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID)
			got := s.Results
			if err != nil || s.Status != "complete" || got.Invoice == nil || !got.PaidAt.Equal(start) || got.CustomerID != id || got.SessionID != r.SessionID {
				t.Fatalf("after: %+v, %v", s, err)
			}
			if !maps.Equal(got.Quantities, c.packs) {
				t.Errorf("packs %v, want %v", got.Quantities, c.packs)
			}
			in := got.Invoice
			if in.Total != c.total || in.Status != "paid" || in.OperationID != "op_1" || !slices.Equal(in.ProductIDs, []string{"pro"}) || in.SubscriptionID != got.SubscriptionID {
				t.Errorf("invoice %+v", in)
			}
			if (got.SubscriptionID != "") != c.page.Recurring || got.TrialEnds.IsZero() == c.trial || got.Period.End.IsZero() == c.page.Recurring {
				t.Errorf("results %+v", got)
			}
		})
	}
}

// A card saved on a page pays for the next purchase, which needs no page.
func TestPageLeavesACardBehind(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]billing.NewSession{
		"a subscription": {Recurring: true, Lines: []billing.PriceLine{baseLine}},
		"a purchase":     {Lines: []billing.PriceLine{setupLine}},
	} {
		w := newWorld(t)
		id, _ := w.customer("")
		r := w.mustTake(billing.Results{CustomerID: id}, baseStep, setupStep, pageStep(page))
		if c, err := w.pay.Customer(t.Context(), catalog.Sandbox, id); err != nil || !c.Found || c.Card != "" {
			t.Errorf("%s, before: %+v, %v", name, c, err)
		}
		if status, out := w.complete(r.URL, `{"payment_method":"pm_card_visa"}`); status != 200 {
			t.Fatalf("%s: %d %v", name, status, out)
		}
		c, err := w.pay.Customer(t.Context(), catalog.Sandbox, id)
		if err != nil || c.Card == "" {
			t.Fatalf("%s, after: %+v, %v", name, c, err)
		}
		again := invoiceStep(billing.NewInvoice{Card: c.Card, Lines: []billing.PriceLine{setupLine}})
		if r = w.mustTake(r, again); r.Invoice.Status != "paid" {
			t.Errorf("%s: %+v", name, r.Invoice)
		}
	}
}

func TestPageWithARefusedCardStaysOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.customer("")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, pageStep(billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine}}))
	if status, _ := w.complete(r.URL, `{"payment_method":"pm_card_chargeCustomerFail"}`); status != 402 {
		t.Fatalf("complete: %d", status)
	}
	if s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID); err != nil || s.Status != "open" {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestPageIsExpired(t *testing.T) {
	t.Parallel()
	expire := func(id string) billing.Step {
		return billing.Step{Name: "expire_op_0", ExpireSession: &billing.ExpireSession{SessionID: id, OperationID: "op_0"}}
	}
	for name, c := range map[string]struct {
		before func(w *world, r billing.Results)
		want   error
		after  string
	}{
		"open":      {func(*world, billing.Results) {}, nil, "expired"},
		"expired":   {func(w *world, r billing.Results) { w.must("POST", "/v1/checkout/sessions/"+r.SessionID+"/expire", nil) }, nil, "expired"},
		"completed": {func(w *world, r billing.Results) { w.complete(r.URL, `{"payment_method":"pm_card_visa"}`) }, app.ErrSessionClosed, "complete"},
	} {
		w := newWorld(t)
		id, _ := w.customer("")
		r := w.mustTake(billing.Results{CustomerID: id}, setupStep, pageStep(billing.NewSession{Lines: []billing.PriceLine{setupLine}}))
		c.before(w, r)
		for range 2 {
			if _, err := w.take(r, expire(r.SessionID)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s, err := w.pay.Session(t.Context(), catalog.Sandbox, r.SessionID); err != nil || s.Status != c.after {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	w := newWorld(t)
	if _, err := w.take(billing.Results{}, expire("cs_nope")); err != nil {
		t.Errorf("a page Stripe does not know: %v", err)
	}
}
