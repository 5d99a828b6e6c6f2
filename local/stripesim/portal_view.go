package stripesim

import (
	"slices"
	"strconv"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// showPortal renders the page.
func (s *Sim) showPortal(id string, status int, chosen, problem string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	ps, ok := find[*object.PortalSession](t, id)
	if !ok {
		return s.page404()
	}
	conf, _ := find[*object.PortalConfiguration](t, ps.Configuration)
	v := pages.Portal{
		Headline: string(conf.BusinessProfile.Headline), ReturnURL: string(ps.ReturnURL), Problem: problem, CanCancel: conf.Features.SubscriptionCancel.Enabled,
		CanChangeCard: conf.Features.PaymentMethodUpdate.Enabled, PrivacyURL: string(conf.BusinessProfile.PrivacyPolicyURL), TermsURL: string(conf.BusinessProfile.TermsOfServiceURL),
	}
	v.Frame, v.Offer = s.frame("Billing"), pages.Offer{Cards: offeredCards(), Chosen: chosen}
	for _, sub := range t.openSubscriptions(ps.Customer) {
		v.Subscriptions = append(v.Subscriptions, t.portalSubscription(ps, conf, sub))
	}
	pays := t.defaultCard(ps.Customer)
	for _, pm := range ownedBy[*object.PaymentMethod](t, ps.Customer) {
		v.Saved = append(v.Saved, pages.SavedCard{Name: cardName(pm), Default: pm.ID == pays})
	}
	if conf.Features.InvoiceHistory.Enabled {
		for _, inv := range slices.Backward(ownedBy[*object.Invoice](t, ps.Customer)) {
			if inv.Number != "" {
				v.Invoices = append(v.Invoices, pages.PortalInvoice{Number: string(inv.Number), Date: longDay(inv.Created), Amount: minor(inv.Total, inv.Currency), Status: string(inv.Status), URL: invoiceFrom(ps, inv)})
			}
		}
	}
	return htmlAnswer(status, pages.Render(v))
}

// invoiceFrom is the page of an invoice, with the way back to the portal.
func invoiceFrom(ps *object.PortalSession, inv *object.Invoice) string {
	return string(inv.HostedInvoiceURL) + "?portal=" + ps.ID
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

func (t *tx) portalSubscription(ps *object.PortalSession, conf *object.PortalConfiguration, sub *object.Subscription) pages.PortalSubscription {
	p := pages.PortalSubscription{ID: sub.ID, Status: strings.ReplaceAll(sub.Status, "_", " "), Next: next(sub), Ending: sub.CancelAt != 0, Managed: sub.Schedule != ""}
	if inv, ok := find[*object.Invoice](t, string(sub.LatestInvoice)); ok && inv.Status == "open" {
		p.PayURL = invoiceFrom(ps, inv)
	}
	p.Ends = "It stays until " + longDay(sub.CurrentPeriodEnd) + " and ends then."
	if conf.Features.SubscriptionCancel.Mode == "immediately" {
		p.Ends = "It ends at once."
	}
	for _, item := range sub.Items.Data {
		text := t.nameOf(item.Price) + ", " + t.eachText(item.Price)
		if q := quantityOf(item); q > 1 {
			text = strconv.FormatInt(q, 10) + " × " + text
		}
		p.Items = append(p.Items, text)
	}
	return p
}

// next says what happens to a subscription if nobody does anything.
func next(sub *object.Subscription) string {
	switch {
	case sub.CancelAt != 0:
		return "Ends on " + longDay(int64(sub.CancelAt))
	case sub.Status == "past_due" || sub.Status == "unpaid":
		return "Payment is overdue"
	case sub.Status == "incomplete":
		return "The first payment is missing"
	case sub.Status == "trialing":
		return "Trial ends on " + longDay(int64(sub.TrialEnd))
	case sub.Status == "paused":
		return "Waiting for a payment method"
	}
	return "Renews on " + longDay(sub.CurrentPeriodEnd)
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
