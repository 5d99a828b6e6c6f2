package v1

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
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
	Entities    *[]struct{}            `json:"entities,omitempty"`
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
	out := customerOf(req.Env, cat, s, req.Now)
	if req.Publishable { // it is in every browser
		out.Address = nil
	}
	if req.URL.Query().Get("with_autumn_id") == "true" {
		out.AutumnID = s.Customer.InternalID
	}
	if slices.Contains(expand, "invoices") {
		invoices, err := c.app.Store.Invoices(ctx, req.Env, s.Customer.InternalID)
		if err != nil {
			return out, err
		}
		list := make([]invoiceJSON, 0, len(invoices))
		for _, i := range invoices {
			list = append(list, invoiceOf(i))
		}
		out.Invoices = &list
	}
	if slices.Contains(expand, "trials_used") {
		trials := []trialJSON{}
		for id := range s.Customer.TrialsUsed {
			trials = append(trials, trialJSON{id, api.OrNull(s.Customer.ID), api.OrNull(s.Customer.Fingerprint)})
		}
		slices.SortFunc(trials, func(a, b trialJSON) int { return strings.Compare(a.ProductID, b.ProductID) })
		out.Trials = &trials
	}
	if slices.Contains(expand, "entities") {
		out.Entities = &[]struct{}{}
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
		Fingerprint: api.OrNull(c.Fingerprint), StripeID: api.OrNull(c.StripeID), Address: fields.AddressOf(c.Address), Env: env, Currency: api.OrNull(c.Currency), Metadata: c.Metadata, Receipts: c.Receipts,
		Products: []heldJSON{}, Features: map[string]featureUse{}}
	if out.Metadata == nil {
		out.Metadata = map[string]any{}
	}
	for _, cp := range s.Products {
		if status := cp.At(now); status != billing.Expired {
			out.Products = append(out.Products, heldOf(cp, status, cat))
		}
	}
	slices.SortFunc(out.Products, func(a, b heldJSON) int {
		return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt))
	})
	for id, b := range s.Balances {
		if b = b.At(now); !b.Has(now) {
			continue
		}
		f := cat.Features[id]
		use := featureUse{ID: id, Name: f.Name, Type: f.Type}
		if f.Type == catalog.Boolean {
			use.Type = "static" // its name in v1 SDKs
		} else {
			use.balanceJSON = balanceOf(b, now)
		}
		out.Features[id] = use
	}
	return out
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
		Items: productItems(p, cat.Features), Quantity: max(1, cp.Quantity)}
}

// expandable lists what expand may name. Entities can't be made in this
// version, so their list is truly empty.
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
