package billing

import (
	"time"

	"windfall/shared/catalog"
)

// An Offer is what an application shows before it attaches a product.
type Offer struct {
	Scenario   Scenario
	Product    catalog.Product
	Present    string // name of the product it would replace; "" for none
	Refused    bool   // attaching it would be refused
	Quantities []catalog.Quantity
	Decision   Decision
	Next       NextDue
}

// DecideOffer says what attaching a product would do and cost, with one pack
// of everything that is sold in advance. Nobody asks Stripe for it: a customer
// whom Stripe knows is taken to have a card there. It is nil where the
// customer would be sent to a page, which says all of it.
func DecideOffer(s AttachState, p catalog.Product, now time.Time) *Offer {
	if s.Customer.StripeID != "" {
		s.Card = "on file"
	}
	o := Offer{Scenario: s.Scenario(p, now), Product: p}
	if main := s.ActivePlan(s.Catalog, p.Group, now); main != nil && !p.AddOn && main.ProductID != p.ID {
		o.Present = ProductOf(s.Catalog, *main).Name
	}
	cmd := Attach{OperationID: "offer", Products: []catalog.Product{p}, Now: now}
	if s.CustomerProductOf(p.ID, now) == nil {
		cmd.Quantities = s.purchase(cmd, "").options()
	}
	d, err := DecideAttach(s, cmd)
	if err != nil {
		o.Refused = true
		return &o
	}
	if d.Page {
		return nil
	}
	o.Decision, o.Next, o.Quantities = d, d.Next(cmd.Products, now), d.Quantities
	return &o
}
