package app_test

import (
	"context"
	"errors"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

// contested is a store in which every save of a customer comes too late.
type contested struct {
	app.Store
	lost map[string]bool // of these customers
	read int             // how often the catalog was read anew
}

func (c *contested) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	for _, w := range writes {
		if save, is := w.(app.SaveCustomer); is && c.lost[save.Customer.ID] {
			return &app.Conflict{Failed: []app.Write{save}}
		}
	}
	return c.Store.Commit(ctx, env, writes...)
}

func (c *contested) Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error) {
	if fresh {
		c.read++
	}
	return c.Store.Catalog(ctx, env, fresh)
}

// commands are money commands of a customer "ada", who is there, and "new", who
// is not.
var commands = []struct {
	name     string
	customer string
	run      func(ctx context.Context, a *app.App, customer string) error
}{
	{"attach", "ada", attachBonus},
	{"attach, a new customer", "new", attachBonus},
	{"setup_payment", "ada", setup},
	{"setup_payment, a new customer", "new", setup},
	{"billing portal", "ada", func(ctx context.Context, a *app.App, customer string) error {
		_, err := a.BillingPortal(ctx, shoptest.Caller, customer, "")
		return err
	}},
}

func attachBonus(ctx context.Context, a *app.App, customer string) error {
	_, err := a.Attach(ctx, shoptest.Caller, app.AttachCommand{CustomerID: customer, ProductIDs: []string{"bonus"}, Terms: billing.Attach{Now: shoptest.Caller.Now}})
	return err
}

func setup(ctx context.Context, a *app.App, customer string) error {
	_, err := a.SetupPayment(ctx, shoptest.Caller, app.SetupPaymentCommand{CustomerID: customer})
	return err
}

// All parts of a command share its tries, so a customer whom others change
// without end costs 41 of them, and not 41 for each part within each part. The
// catalog is read once, whatever happens.
func TestTriesOfOneCommandDoNotMultiply(t *testing.T) {
	t.Parallel()
	for _, tt := range commands {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := shoptest.New(t, "ada")
			store := &contested{Store: a.Store, lost: map[string]bool{tt.customer: true}}
			pauses := 0
			a.Store, a.Pause = store, func(context.Context, int) bool { pauses++; return true }
			if err := tt.run(t.Context(), a, tt.customer); !errors.Is(err, refusal.ErrStale) {
				t.Errorf("err = %v, want ErrStale", err)
			}
			if pauses != 40 {
				t.Errorf("waited %d times, want 40", pauses)
			}
			if store.read != 1 {
				t.Errorf("read the catalog %d times, want once", store.read)
			}
		})
	}
}

// The page that a publishable key asks for is decided twice, on one catalog.
func TestAnAttachByAPublishableKeyReadsTheCatalogOnce(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	store := &contested{Store: a.Store}
	a.Store = store
	public := shoptest.Caller
	public.Publishable = true
	_, err := a.Attach(t.Context(), public, app.AttachCommand{CustomerID: "new", ProductIDs: []string{"bonus"},
		Terms: billing.Attach{Now: shoptest.Caller.Now, Publishable: true}})
	if kind(err) != refusal.KindInvalid { // what is free has no page
		t.Errorf("err = %v", err)
	}
	if store.read != 1 {
		t.Errorf("read the catalog %d times, want once", store.read)
	}
}
