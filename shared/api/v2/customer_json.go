package v2

import (
	"context"
	"encoding/json"
	"slices"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// customerJSON is a customer. Every key is always there, unless it says otherwise;
// what was not asked for in expand is null.
type customerJSON struct {
	ID            api.OrNull             `json:"id"`
	Name          api.OrNull             `json:"name"`
	Email         api.OrNull             `json:"email"`
	CreatedAt     api.Millis             `json:"created_at"`
	Fingerprint   api.OrNull             `json:"fingerprint"`
	StripeID      api.OrNull             `json:"stripe_id"`
	Env           catalog.Env            `json:"env"`
	Metadata      map[string]any         `json:"metadata"`
	Receipts      bool                   `json:"send_email_receipts"`
	Currency      api.OrNull             `json:"currency"`          // null until something is bought
	Address       *fields.Address        `json:"address,omitempty"` // as it was said here; left out where it was not
	Controls      struct{}               `json:"billing_controls"`  // none can be set yet
	Config        struct{}               `json:"config"`
	Subscriptions []subscriptionJSON     `json:"subscriptions"`
	Purchases     []purchaseJSON         `json:"purchases"`
	Licenses      []struct{}             `json:"licenses"` // there are none
	Balances      map[string]balanceJSON `json:"balances"`
	Flags         map[string]flagJSON    `json:"flags"`
	Processors    *processorsJSON        `json:"processors,omitempty"` // left out until a processor knows the customer

	Invoices  *[]invoiceJSON         `json:"invoices"`
	Trials    *[]trialJSON           `json:"trials_used"`
	Rewards   *fields.Rewards        `json:"rewards"`
	Entities  *[]listedEntityJSON    `json:"entities"`
	Referrals *[]fields.Referral     `json:"referrals"`
	Redeemed  *[]fields.RedeemedCode `json:"redeemed_referrals,omitempty"` // with referrals
	Payment   *json.RawMessage       `json:"payment_method"`               // as Stripe shows it
}

type processorsJSON struct {
	Stripe struct {
		ID string `json:"id"`
	} `json:"stripe"`
}

type trialJSON struct {
	PlanID      string     `json:"plan_id"`
	CustomerID  api.OrNull `json:"customer_id"`
	Fingerprint api.OrNull `json:"fingerprint"`
}

// expandable lists what expand may name.
var expandable = []string{"invoices", "trials_used", "rewards", "entities", "referrals", "payment_method", "subscriptions.plan", "scheduled_subscriptions.plan", "purchases.plan", "balances.feature", "flags.feature",
	"billing_controls.auto_topups.purchase_limit"} // of which there are none

// answer encodes a customer, with the expansions of the call.
func (c customers) answer(ctx context.Context, req api.Request, s billing.State, expand []string) (customerJSON, error) {
	cat, err := c.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return customerJSON{}, err
	}
	if s, err = c.app.WithEntities(ctx, req.Caller, s); err != nil {
		return customerJSON{}, err
	}
	out := customerAnswer(req, s.In(cat), s, expand)
	if slices.Contains(expand, "entities") {
		list, err := c.app.ListEntities(ctx, req.Caller, s)
		if err != nil {
			return out, err
		}
		out.Entities = &[]listedEntityJSON{}
		for _, e := range list {
			*out.Entities = append(*out.Entities, listedEntity(req, s.Customer.Key(), e))
		}
	}
	if slices.Contains(expand, "invoices") {
		invoices, err := c.app.Store.Invoices(ctx, req.Env, s.Customer.InternalID)
		if err != nil {
			return out, err
		}
		out.Invoices = &[]invoiceJSON{}
		for _, i := range invoices {
			*out.Invoices = append(*out.Invoices, invoiceAnswer(i))
		}
	}
	if slices.Contains(expand, "rewards") {
		if out.Rewards, err = fields.RewardsOf(ctx, c.app, req.Caller, cat, s); err != nil {
			return out, err
		}
	}
	if slices.Contains(expand, "payment_method") {
		if out.Payment, err = fields.PaymentMethod(ctx, c.app, req.Caller, s.Customer); err != nil {
			return out, err
		}
	}
	if slices.Contains(expand, "referrals") {
		uses, used, err := fields.Referrals(ctx, c.app, req.Caller, cat, s.Customer)
		if err != nil {
			return out, err
		}
		out.Referrals, out.Redeemed = &uses, &used
	}
	return out, nil
}

// customerAnswer encodes what a customer's own rows say. cat is in the customer's
// currency.
func customerAnswer(req api.Request, cat *catalog.Catalog, s billing.State, expand []string) customerJSON {
	c := s.Customer
	out := customerJSON{ID: api.OrNull(c.ID), Name: api.OrNull(c.Name), Email: api.OrNull(c.Email), CreatedAt: api.Millis(c.CreatedAt),
		Fingerprint: api.OrNull(c.Fingerprint), StripeID: api.OrNull(c.StripeID), Env: req.Env, Metadata: c.Metadata, Receipts: c.Receipts,
		Currency: api.OrNull(c.Currency), Address: fields.AddressOf(c.Address), Licenses: []struct{}{},
		Balances: map[string]balanceJSON{}, Flags: map[string]flagJSON{}}
	if out.Metadata == nil {
		out.Metadata = map[string]any{}
	}
	if req.Publishable { // it is in every browser
		out.Address = nil
	}
	if c.StripeID != "" {
		out.Processors = &processorsJSON{}
		out.Processors.Stripe.ID = c.StripeID
	}
	out.Subscriptions, out.Purchases = holdings(cat, s.Products, req.Now)
	addPlans(cat, req.Env, s.Products, out.Subscriptions, out.Purchases, expand)
	out.addBalances(req, cat, s, expand)
	if slices.Contains(expand, "trials_used") {
		out.Trials = &[]trialJSON{}
		for _, id := range c.TrialsOfCustomer() {
			*out.Trials = append(*out.Trials, trialJSON{id, api.OrNull(c.ID), api.OrNull(c.Fingerprint)})
		}
	}
	return out
}

// addBalances fills in what the customer may use: balances, and flags for what is
// only on.
func (out *customerJSON) addBalances(req api.Request, cat *catalog.Catalog, s billing.State, expand []string) {
	find := heldItems(cat, s.Products)
	for id, b := range s.Balances {
		if b = b.At(req.Now); !b.Has(req.Now) {
			continue
		}
		f, known := cat.Features[id]
		if !known {
			continue // deleted, which a balance of no product does not prevent
		}
		whole := featureAnswer(f)
		if f.Type == catalog.Boolean {
			flag := flagAnswer(b, id, req.Now)
			if slices.Contains(expand, "flags.feature") {
				flag.Feature = &whole
			}
			out.Flags[id] = *flag
			continue
		}
		one := balanceAnswer(b, find, req.Now)
		if slices.Contains(expand, "balances.feature") {
			one.Feature = &whole
		}
		out.Balances[id] = one
	}
}

// heldItems finds items as the customer holds them, also those that were made for
// them alone.
func heldItems(cat *catalog.Catalog, products []billing.CustomerProduct) itemOf {
	return func(g entitlement.Grant) (catalog.Item, bool) {
		for _, cp := range products {
			if cp.ID != g.CustomerProductID {
				continue
			}
			for _, item := range billing.ProductOf(cat, cp).Items {
				if cp.ID+"/"+item.ID == g.ID {
					return item, true
				}
			}
		}
		return catalog.Item{}, false
	}
}
