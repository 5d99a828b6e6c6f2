package stripesim

import (
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// hostedView reads for the hosted pages from a transaction that is never
// committed.
type hostedView struct{ t *tx }

// Base implements hosted.View.
func (v hostedView) Base() string { return v.t.s.base }

// Session implements hosted.View.
func (v hostedView) Session(id string) (*object.CheckoutSession, bool) {
	return find[*object.CheckoutSession](v.t, id)
}

// Quote implements hosted.View.
func (v hostedView) Quote(session string, p hosted.Purchase) hosted.Quote {
	return v.t.quote(session, p)
}

// Outcome implements hosted.View.
func (v hostedView) Outcome(cs *object.CheckoutSession) hosted.Outcome { return v.t.outcome(cs) }

// Bill implements hosted.View.
func (v hostedView) Bill(invoice, portal string) (b hosted.Bill, ok bool) {
	if b.Invoice, ok = find[*object.Invoice](v.t, invoice); !ok {
		return b, false
	}
	b.Charge, _ = find[*object.Charge](v.t, string(b.Invoice.Charge))
	if ps, ok := find[*object.PortalSession](v.t, portal); ok && ps.Customer == string(b.Invoice.Customer) {
		b.Portal = ps
	}
	return b, true
}

// Billing implements hosted.View.
func (v hostedView) Billing(portal string) (hosted.Billing, bool) {
	ps, ok := find[*object.PortalSession](v.t, portal)
	if !ok {
		return hosted.Billing{}, false
	}
	conf, _ := find[*object.PortalConfiguration](v.t, ps.Configuration)
	b := hosted.Billing{
		Session: ps, Configuration: conf, DefaultCard: v.t.defaultCard(ps.Customer),
		Cards: ownedBy[*object.PaymentMethod](v.t, ps.Customer), Invoices: ownedBy[*object.Invoice](v.t, ps.Customer),
	}
	for _, sub := range v.t.openSubscriptions(ps.Customer) {
		s := hosted.Subscription{Subscription: sub}
		s.Latest, _ = find[*object.Invoice](v.t, string(sub.LatestInvoice))
		for _, item := range sub.Items.Data {
			s.Products = append(s.Products, hosted.Product{Name: v.t.nameOf(item.Price), Quantity: quantityOf(item), Price: item.Price})
		}
		b.Subscriptions = append(b.Subscriptions, s)
	}
	return b, true
}

// defaultCard is the card that pays: the customer's, or that of the newest
// subscription when only subscriptions have one, as after Checkout.
func (t *tx) defaultCard(customer string) string {
	cus, _ := find[*object.Customer](t, customer)
	if id := cus.InvoiceSettings.DefaultPaymentMethod; id != "" {
		return string(id)
	}
	for _, sub := range t.openSubscriptions(customer) {
		if sub.DefaultPaymentMethod != "" {
			return string(sub.DefaultPaymentMethod)
		}
	}
	return ""
}

func offeredCards() []pages.Card {
	var out []pages.Card
	for _, c := range cards {
		if c.label != "" {
			out = append(out, pages.Card{Token: c.token, Number: "•••• " + c.number[len(c.number)-4:], Label: c.label})
		}
	}
	return out
}
