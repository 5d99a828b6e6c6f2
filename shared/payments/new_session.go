package payments

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"

	"windfall/shared/billing"
	"windfall/shared/pageparams"
)

// newSession creates a checkout page. One call; those of couponOf come first.
func (j job) newSession(ctx context.Context, n *billing.NewSession, r billing.Results) (billing.Results, error) {
	coupon, err := j.couponOf(ctx, n.Coupon, r)
	if err != nil {
		return r, err
	}
	params := j.sessionParams(n, r)
	if coupon != nil {
		params.Discounts = []*stripe.CheckoutSessionDiscountParams{{Coupon: coupon}}
	}
	values := &form.Values{}
	form.AppendTo(values, params)
	passOn(values, n.Extra)
	create := func(p stripe.Params) (*stripe.CheckoutSession, error) {
		page := &stripe.CheckoutSession{}
		return page, j.backend.CallRaw(http.MethodPost, "/v1/checkout/sessions", j.key, values, &p, page)
	}
	page, err := once(ctx, j, "", create, func() (*stripe.CheckoutSession, error) { return j.findSession(ctx, r.CustomerID) })
	if err != nil {
		return r, err
	}
	r.SessionID, r.URL, r.SessionExpires = page.ID, page.URL, moment(page.ExpiresAt)
	return r, nil
}

// findSession finds the page of this operation, or returns nil.
func (j job) findSession(ctx context.Context, customerID string) (*stripe.CheckoutSession, error) {
	list := j.sessions.List(&stripe.CheckoutSessionListParams{ListParams: every(ctx), Customer: &customerID})
	for list.Next() {
		if page := list.CheckoutSession(); j.made(page.Metadata) {
			return page, nil
		}
	}
	return nil, list.Err()
}

func (j job) sessionParams(n *billing.NewSession, r billing.Results) *stripe.CheckoutSessionParams {
	params := &stripe.CheckoutSessionParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		Customer:          &r.CustomerID,
		ClientReferenceID: clientReference(j.ref.CustomerID),
		SuccessURL:        &j.successURL,
		Metadata:          j.pageMetadata(n),
	}
	if n.SuccessURL != "" {
		params.SuccessURL = &n.SuccessURL
	}
	if !n.ExpiresAt.IsZero() {
		params.ExpiresAt = stripe.Int64(n.ExpiresAt.Unix())
	}
	j.askOnPage(params, n)
	if n.Setup {
		j.saveCardOnPage(params)
		return params
	}
	params.LineItems = pageLines(n.Lines, r)
	if n.Coupon == nil && !n.Discounted { // discounts are not added up
		params.AllowPromotionCodes = stripe.Bool(true)
	}
	if n.Recurring {
		j.subscribeOnPage(params, n)
		return params
	}
	params.InvoiceCreation = &stripe.CheckoutSessionInvoiceCreationParams{
		Enabled:     stripe.Bool(true),
		InvoiceData: &stripe.CheckoutSessionInvoiceCreationInvoiceDataParams{Metadata: j.purchaseMetadata()},
	}
	params.PaymentIntentData = &stripe.CheckoutSessionPaymentIntentDataParams{
		Metadata:         j.purchaseMetadata(),
		SetupFutureUsage: stripe.String("off_session"), // the next purchase needs no page
	}
	return params
}

// askOnPage makes the page ask for what a tax takes, and keep it on the customer.
//
// Source: https://docs.stripe.com/tax/checkout#existing-customers
func (j job) askOnPage(params *stripe.CheckoutSessionParams, n *billing.NewSession) {
	if n.Taxed {
		params.AutomaticTax = &stripe.CheckoutSessionAutomaticTaxParams{Enabled: stripe.Bool(true)}
	}
	if n.AskTaxID {
		params.TaxIDCollection = &stripe.CheckoutSessionTaxIDCollectionParams{Enabled: stripe.Bool(true)}
	}
	if n.AskAddress {
		params.BillingAddressCollection = stripe.String(string(stripe.CheckoutSessionBillingAddressCollectionRequired))
	}
	if n.AskAddress || n.AskTaxID {
		params.CustomerUpdate = &stripe.CheckoutSessionCustomerUpdateParams{Address: stripe.String("auto"), Name: stripe.String("auto")}
	}
}

// saveCardOnPage makes the page save a card, and charge nothing. In this mode
// Stripe requires the kinds of payment method; the caller may set others.
func (j job) saveCardOnPage(params *stripe.CheckoutSessionParams) {
	params.Mode = stripe.String(string(stripe.CheckoutSessionModeSetup))
	params.PaymentMethodTypes = []*string{stripe.String(string(stripe.PaymentMethodTypeCard))}
	params.SetupIntentData = &stripe.CheckoutSessionSetupIntentDataParams{Metadata: j.metadata()}
}

// subscribeOnPage makes the page start a subscription. A trial in days counts
// from the day it is completed.
func (j job) subscribeOnPage(params *stripe.CheckoutSessionParams, n *billing.NewSession) {
	params.Mode = stripe.String(string(stripe.CheckoutSessionModeSubscription))
	data := &stripe.CheckoutSessionSubscriptionDataParams{Metadata: j.purchaseMetadata()}
	params.SubscriptionData = data
	switch {
	case n.TrialDays > 0:
		data.TrialPeriodDays = stripe.Int64(int64(n.TrialDays))
	case !n.TrialEnd.IsZero():
		data.TrialEnd = stripe.Int64(n.TrialEnd.Unix())
	}
	if !n.Anchor.IsZero() {
		data.BillingCycleAnchor = stripe.Int64(n.Anchor.Unix())
	}
	if n.CardLater {
		params.PaymentMethodCollection = stripe.String(string(stripe.CheckoutSessionPaymentMethodCollectionIfRequired))
		data.TrialSettings = &stripe.CheckoutSessionSubscriptionDataTrialSettingsParams{
			EndBehavior: &stripe.CheckoutSessionSubscriptionDataTrialSettingsEndBehaviorParams{MissingPaymentMethod: stripe.String(endWithoutCard)},
		}
	}
}

// clientReference shows the application's own id in Stripe's dashboard.
// Stripe's limit is 200 characters.
func clientReference(id string) *string {
	if len(id) > 200 {
		return nil
	}
	return known(id)
}

// passOn adds the caller's parameters of the page, as filtered by
// billing.PageParams. They override ours, but never the metadata that ties the
// page to its operation.
func passOn(values *form.Values, extra map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if !ours(name) {
			values.Set(name, extra[name])
		}
	}
}

// ours reports whether a parameter is metadata that we rely on.
func ours(name string) bool {
	return slices.ContainsFunc(pageparams.OwnMetadata, func(key string) bool {
		return strings.HasSuffix(name, "metadata["+key+"]") || strings.HasSuffix(name, "[metadata]["+key+"]")
	})
}
