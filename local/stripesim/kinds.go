package stripesim

import (
	"maps"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// kinds makes an empty object of every kind that is stored.
var kinds = func() map[string]func() object.Row {
	out := map[string]func() object.Row{}
	add(out, func() object.Row { return &object.Customer{} })
	add(out, func() object.Row { return &object.BalanceTransaction{} })
	add(out, func() object.Row { return &object.PaymentMethod{} })
	add(out, func() object.Row { return &object.SetupIntent{} })
	add(out, func() object.Row { return &object.PaymentIntent{} })
	add(out, func() object.Row { return &object.Charge{} })
	add(out, func() object.Row { return &object.Refund{} })
	add(out, func() object.Row { return &object.Dispute{} })
	add(out, func() object.Row { return &object.Product{} })
	add(out, func() object.Row { return &object.Price{} })
	add(out, func() object.Row { return &object.Coupon{} })
	add(out, func() object.Row { return &object.PromotionCode{} })
	add(out, func() object.Row { return &object.Discount{} })
	add(out, func() object.Row { return &object.Subscription{} })
	add(out, func() object.Row { return &object.Invoice{} })
	add(out, func() object.Row { return &object.InvoiceItem{} })
	add(out, func() object.Row { return &object.CheckoutSession{} })
	add(out, func() object.Row { return &object.Event{} })
	add(out, func() object.Row { return &object.WebhookEndpoint{} })
	add(out, func() object.Row { return &object.TestClock{} })
	add(out, func() object.Row { return &object.Schedule{} })
	add(out, func() object.Row { return &object.CreditNote{} })
	add(out, func() object.Row { return &object.PortalSession{} })
	add(out, func() object.Row { return &object.PortalConfiguration{} })
	add(out, func() object.Row { return &object.UsageRecord{} })
	add(out, func() object.Row { return &remembered{} })
	return out
}()

func add(to map[string]func() object.Row, empty func() object.Row) { to[empty().Kind()] = empty }

// packed are the kinds whose number grows with customers and with time. Others are
// inside of other objects, or few.
var packed = func() map[string]func() object.Row {
	out := maps.Clone(kinds)
	for _, r := range []object.Row{&object.Product{}, &object.Price{}, &object.Coupon{}, &object.PromotionCode{}, &object.WebhookEndpoint{}, &object.TestClock{}} {
		delete(out, r.Kind())
	}
	return out
}()

// newStore is an empty store that packs its rows. What was unpacked has its prices
// and coupons as they are now.
func (s *Sim) newStore() *store.Store {
	made := store.New(plan)
	made.Packs(packed, func(of *store.Store, r object.Row) { (&tx{Tx: of.Begin(), s: s}).freshen(r) })
	return made
}
