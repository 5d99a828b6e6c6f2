package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"
)

// A world is the state of one scenario: a test clock, up to three customers on
// it, and a transcript.
type world struct {
	*client.API
	transcript
	ctx   context.Context
	on    backend
	clock string
	at    time.Time

	customers []string
	prices    []string
	coupons   []string
	asked     []string // "POST /v1/customers", for the dry run
}

// The limits of Stripe's test clocks: customers, and the longest step of a
// monthly subscription. https://docs.stripe.com/billing/testing/test-clocks
const (
	mostCustomers = 3
	longestStep   = 56 * 24 * time.Hour
)

// play runs a scenario and returns its transcript and its requests.
func play(ctx context.Context, on backend, s scenario) (text string, asked []string, err error) {
	w := &world{ctx: ctx, on: on, at: on.start(), transcript: transcript{names: map[int64]string{}}}
	w.API = on.client(w.note)
	defer func() {
		asked = w.asked
		if p := recover(); p != nil {
			broken, ok := p.(failure)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%s: %w", s.name, broken.error)
		}
		w.ctx = context.WithoutCancel(ctx) // an interrupt must not leave objects behind
		err = errors.Join(err, w.tidy())
	}()
	clock, err := w.TestHelpersTestClocks.New(&stripe.TestHelpersTestClockParams{FrozenTime: stripe.Int64(w.at.Unix()), Name: stripe.String("conformance " + s.name)})
	if err != nil {
		return "", nil, err
	}
	w.clock = clock.ID
	w.name("start", w.at.Unix())
	s.play(w)
	return w.String(), nil, nil
}

// failure is the error that ends a scenario early; play returns it.
type failure struct{ error }

func must[T any](v T, err error) T {
	if err != nil {
		panic(failure{err})
	}
	return v
}

// note records the requests.
func (w *world) note(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		w.asked = append(w.asked, r.Method+" "+r.URL.Path)
		return next.RoundTrip(r.WithContext(w.ctx))
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// tidy deletes the clock, and its customers with it. Prices can't be deleted,
// so they are deactivated.
func (w *world) tidy() error {
	var errs []error
	if w.clock != "" {
		_, err := w.TestHelpersTestClocks.Del(w.clock, nil)
		errs = append(errs, err)
	}
	for _, id := range w.coupons {
		_, err := w.Coupons.Del(id, nil)
		errs = append(errs, err)
	}
	for _, id := range w.prices {
		_, err := w.Prices.Update(id, &stripe.PriceParams{Active: stripe.Bool(false)})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// customer creates another customer, with a card on file if one is named.
func (w *world) customer(card string) string {
	if len(w.customers) == mostCustomers {
		panic(failure{fmt.Errorf("a test clock carries %d customers", mostCustomers)})
	}
	cus := must(w.Customers.New(&stripe.CustomerParams{Email: stripe.String("conformance@example.com"), TestClock: &w.clock}))
	w.customers = append(w.customers, cus.ID)
	if card != "" {
		w.useCard(cus.ID, card)
	}
	return cus.ID
}

// useCard saves a card and makes it the customer's default.
func (w *world) useCard(customer, card string) {
	pm := must(w.PaymentMethods.Attach(card, &stripe.PaymentMethodAttachParams{Customer: &customer}))
	must(w.Customers.Update(customer, &stripe.CustomerParams{InvoiceSettings: &stripe.CustomerInvoiceSettingsParams{DefaultPaymentMethod: &pm.ID}}))
}

// price creates a monthly price of a product of its own.
func (w *world) price(name string, cents int64) string {
	p := must(w.Prices.New(&stripe.PriceParams{
		Currency: stripe.String("usd"), UnitAmount: &cents, Recurring: &stripe.PriceRecurringParams{Interval: stripe.String("month")},
		ProductData: &stripe.PriceProductDataParams{Name: &name},
	}))
	w.prices = append(w.prices, p.ID)
	return p.ID
}

func (w *world) coupon(p stripe.CouponParams) string {
	c := must(w.Coupons.New(&p))
	w.coupons = append(w.coupons, c.ID)
	return c.ID
}

// subscribe opens a subscription to one price; change may be nil.
func (w *world) subscribe(customer, price string, change func(*stripe.SubscriptionParams)) *stripe.Subscription {
	return must(w.trySubscribe(customer, price, change))
}

func (w *world) trySubscribe(customer, price string, change func(*stripe.SubscriptionParams)) (*stripe.Subscription, error) {
	p := &stripe.SubscriptionParams{Customer: &customer, Items: []*stripe.SubscriptionItemsParams{{Price: &price}}}
	if change != nil {
		change(p)
	}
	return w.Subscriptions.New(p)
}

// advance moves the clock in steps that Stripe allows, and waits for each.
func (w *world) advance(to time.Time) {
	for w.at.Before(to) {
		step := w.at.Add(longestStep)
		if step.After(to) {
			step = to
		}
		must(w.TestHelpersTestClocks.Advance(w.clock, &stripe.TestHelpersTestClockAdvanceParams{FrozenTime: stripe.Int64(step.Unix())}))
		w.await("the test clock to arrive", func() bool {
			c := must(w.TestHelpersTestClocks.Get(w.clock, nil))
			if c.Status == stripe.TestHelpersTestClockStatusInternalFailure {
				panic(failure{errors.New("the test clock failed")})
			}
			return c.Status == stripe.TestHelpersTestClockStatusReady
		})
		w.at = step
	}
}

// await polls until something has happened.
func (w *world) await(what string, happened func() bool) {
	looks, pause := w.on.patience()
	for look := range looks {
		if happened() {
			return
		}
		if look == 0 {
			continue // mostly it has happened by then
		}
		select {
		case <-time.After(pause):
		case <-w.ctx.Done():
			panic(failure{w.ctx.Err()})
		}
	}
	panic(failure{fmt.Errorf("waited in vain for %s", what)})
}
