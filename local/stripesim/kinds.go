package stripesim

import "windfall/local/stripesim/object"

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
