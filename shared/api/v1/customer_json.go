package v1

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// customerJSON is a customer. Every key is always there, unless it says otherwise.
type customerJSON struct {
	ID          api.OrNull             `json:"id"`
	AutumnID    string                 `json:"autumn_id,omitempty"` // with_autumn_id=true
	CreatedAt   api.Millis             `json:"created_at"`
	Name        api.OrNull             `json:"name"`
	Email       api.OrNull             `json:"email"`
	Fingerprint api.OrNull             `json:"fingerprint"`
	StripeID    api.OrNull             `json:"stripe_id"`
	Address     *fields.Address        `json:"address,omitempty"` // as it was said here; left out where it was not
	Env         catalog.Env            `json:"env"`
	Currency    api.OrNull             `json:"currency"` // null until something is bought
	Metadata    map[string]any         `json:"metadata"`
	Receipts    bool                   `json:"send_email_receipts"`
	Products    []heldJSON             `json:"products"`
	Features    map[string]featureUse  `json:"features"`
	Invoices    *[]invoiceJSON         `json:"invoices,omitempty"`
	Trials      *[]trialJSON           `json:"trials_used,omitempty"`
	Entities    *[]listedEntityJSON    `json:"entities,omitempty"`
	Rewards     *fields.Rewards        `json:"rewards,omitempty"`
	Referrals   *[]fields.Referral     `json:"referrals,omitempty"`
	Redeemed    *[]fields.RedeemedCode `json:"redeemed_referrals,omitempty"` // with referrals
	Payment     *json.RawMessage       `json:"payment_method,omitempty"`     // as Stripe shows it, or null
}

type heldJSON struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Group         api.OrNull     `json:"group"`
	Status        billing.Status `json:"status"`
	CanceledAt    api.Millis     `json:"canceled_at"`
	StartedAt     api.Millis     `json:"started_at"`
	Default       bool           `json:"is_default"`
	AddOn         bool           `json:"is_add_on"`
	Version       int            `json:"version"`
	Subscriptions []string       `json:"subscription_ids"`
	StripeIDs     []string       `json:"stripe_subscription_ids"`
	PeriodStart   api.Millis     `json:"current_period_start"`
	PeriodEnd     api.Millis     `json:"current_period_end"`
	TrialEndsAt   api.Millis     `json:"trial_ends_at"`
	EntityID      *string        `json:"entity_id"`
	Items         []itemJSON     `json:"items"`
	Quantity      int            `json:"quantity"`
}

// featureUse is one of a customer's features; a boolean one has only a name.
type featureUse struct {
	ID   string              `json:"id"`
	Name string              `json:"name"`
	Type catalog.FeatureType `json:"type"`
	balanceJSON
}

type trialJSON struct {
	ProductID   string     `json:"product_id"`
	CustomerID  api.OrNull `json:"customer_id"`
	Fingerprint api.OrNull `json:"fingerprint"`
}

// answer encodes a customer, with the expansions of the call.
func (c customers) answer(ctx context.Context, req api.Request, s billing.State, expand []string) (customerJSON, error) {
	cat, err := c.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return customerJSON{}, err
	}
	if s, err = c.app.WithEntities(ctx, req.Caller, s); err != nil {
		return customerJSON{}, err
	}
	out := customerOf(req.Env, cat, s, req.Now)
	if req.Publishable { // it is in every browser
		out.Address = nil
	}
	if req.URL.Query().Get("with_autumn_id") == "true" {
		out.AutumnID = s.Customer.InternalID
	}
	if slices.Contains(expand, "invoices") {
		list, err := invoicesOf(ctx, c.app, req, s.Customer)
		if err != nil {
			return out, err
		}
		out.Invoices = &list
	}
	if slices.Contains(expand, "trials_used") {
		trials := []trialJSON{}
		for _, id := range s.Customer.TrialsOfCustomer() {
			trials = append(trials, trialJSON{id, api.OrNull(s.Customer.ID), api.OrNull(s.Customer.Fingerprint)})
		}
		out.Trials = &trials
	}
	if slices.Contains(expand, "entities") {
		list, err := c.app.ListEntities(ctx, req.Caller, s)
		if err != nil {
			return out, err
		}
		entities := listedEntities(req.Env, s.Customer.Key(), list)
		out.Entities = &entities
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

func customerOf(env catalog.Env, cat *catalog.Catalog, s billing.State, now time.Time) customerJSON {
	c := s.Customer
	cat = s.In(cat)
	out := customerJSON{ID: api.OrNull(c.ID), CreatedAt: api.Millis(c.CreatedAt), Name: api.OrNull(c.Name), Email: api.OrNull(c.Email),
		Fingerprint: api.OrNull(c.Fingerprint), StripeID: api.OrNull(c.StripeID), Address: fields.AddressOf(c.Address), Env: env, Currency: api.OrNull(c.Currency), Metadata: c.Metadata, Receipts: c.Receipts}
	if out.Metadata == nil {
		out.Metadata = map[string]any{}
	}
	out.Products = heldBy(s.Products, func(billing.CustomerProduct) bool { return true }, cat, now)
	out.Features = featuresOf(cat, s.Balances, now)
	return out
}

func invoicesOf(ctx context.Context, a *app.App, req api.Request, c billing.Customer) ([]invoiceJSON, error) {
	invoices, err := a.Store.Invoices(ctx, req.Env, c.InternalID)
	if err != nil {
		return nil, err
	}
	return invoicesAnswer(invoices), nil
}

func invoicesAnswer(invoices []billing.Invoice) []invoiceJSON {
	list := make([]invoiceJSON, 0, len(invoices))
	for _, i := range invoices {
		list = append(list, invoiceOf(i))
	}
	return list
}

func heldOf(cp billing.CustomerProduct, status billing.Status, cat *catalog.Catalog) heldJSON {
	p := billing.ProductOf(cat, cp)
	subs := []string{}
	if cp.SubscriptionID != "" {
		subs = append(subs, cp.SubscriptionID)
	}
	return heldJSON{ID: cp.ProductID, Name: p.Name, Group: api.OrNull(cp.Group), Status: status, CanceledAt: api.Millis(cp.CanceledAt),
		StartedAt: api.Millis(cp.StartsAt), Default: p.Default, AddOn: cp.AddOn, Version: cp.Version, Subscriptions: subs, StripeIDs: subs,
		PeriodStart: api.Millis(cp.Period.Start), PeriodEnd: api.Millis(cp.Period.End), TrialEndsAt: api.Millis(cp.TrialEnds),
		EntityID: fields.EntityID(cp.Entity.ID), Items: productItems(p, cat.Features), Quantity: max(1, cp.Quantity)}
}

// expandable lists what expand may name.
var expandable = []string{"invoices", "trials_used", "entities", "rewards", "referrals", "payment_method"}

// expansions reads ?expand=a,b, adds those of the body, and checks the other
// URL parameters of a customer.
func expansions(req api.Request, body ...string) ([]string, error) {
	if err := api.TakesQuery(req, "expand", "expand[]", "with_autumn_id"); err != nil {
		return nil, err
	}
	if _, err := api.QueryFlag(req, "with_autumn_id"); err != nil {
		return nil, err
	}
	return fields.Expand(body).Names(req, expandable)
}
