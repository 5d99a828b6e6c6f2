package hosted

import (
	"slices"
	"strconv"
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// showPortal renders the page.
func (s *Server) showPortal(id string, status int, chosen, problem string) (a Answer) {
	s.account.View(func(t View) {
		b, ok := t.Billing(id)
		if !ok {
			a = s.page404()
			return
		}
		a = s.portalPage(b, status, chosen, problem)
	})
	return a
}

func (s *Server) portalPage(b Billing, status int, chosen, problem string) Answer {
	ps, conf := b.Session, b.Configuration
	v := pages.Portal{
		Headline: string(conf.BusinessProfile.Headline), ReturnURL: string(ps.ReturnURL), Problem: problem, CanCancel: conf.Features.SubscriptionCancel.Enabled,
		CanChangeCard: conf.Features.PaymentMethodUpdate.Enabled, PrivacyURL: string(conf.BusinessProfile.PrivacyPolicyURL), TermsURL: string(conf.BusinessProfile.TermsOfServiceURL),
	}
	v.Frame, v.Offer = s.frame("Billing"), pages.Offer{Cards: s.cards, Chosen: chosen}
	for _, sub := range b.Subscriptions {
		v.Subscriptions = append(v.Subscriptions, portalSubscription(ps, conf, sub))
	}
	for _, pm := range b.Cards {
		v.Saved = append(v.Saved, pages.SavedCard{Name: cardName(pm), Default: pm.ID == b.DefaultCard})
	}
	if conf.Features.InvoiceHistory.Enabled {
		for _, inv := range slices.Backward(b.Invoices) {
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

func portalSubscription(ps *object.PortalSession, conf *object.PortalConfiguration, sub Subscription) pages.PortalSubscription {
	p := pages.PortalSubscription{ID: sub.ID, Status: strings.ReplaceAll(sub.Status, "_", " "), Next: next(sub.Subscription), Ending: sub.CancelAt != 0, Managed: sub.Schedule != ""}
	if inv := sub.Latest; inv != nil && inv.Status == "open" {
		p.PayURL = invoiceFrom(ps, inv)
	}
	p.Ends = "It stays until " + longDay(sub.CurrentPeriodEnd) + " and ends then."
	if conf.Features.SubscriptionCancel.Mode == "immediately" {
		p.Ends = "It ends at once."
	}
	for _, item := range sub.Products {
		text := item.Name + ", " + eachText(item.Price)
		if q := item.Quantity; q > 1 {
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
