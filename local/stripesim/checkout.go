package stripesim

import (
	"windfall/local/stripesim/object"
)

const checkoutPriceData = `price_data:{currency! product product_data:{description images:[s] metadata:m name! tax_code}
	recurring:{interval!:(day,month,week,year) interval_count:i} tax_behavior:(exclusive,inclusive,unspecified) unit_amount:i unit_amount_decimal:d}`

var checkoutRoutes = []endpoint{
	{"POST /v1/checkout/sessions", `allow_promotion_codes:b ` + taxParams + ` billing_address_collection:(auto,required) cancel_url client_reference_id currency
		customer customer_creation:(always,if_required) customer_email customer_update:{address:(auto,never) name:(auto,never) shipping:(auto,never)}
		discounts:[{coupon promotion_code}] expires_at:t
		invoice_creation:{enabled!:b invoice_data:{custom_fields:[{name! value!}] description footer metadata:m rendering_options:{amount_tax_display:(exclude_tax,include_inclusive_tax)}}}
		line_items:[{adjustable_quantity:{enabled!:b maximum:i minimum:i} price ` + checkoutPriceData + ` quantity:i}]
		locale metadata:m mode:(payment,setup,subscription) payment_method_collection:(always,if_required) payment_method_types:[s]
		payment_intent_data:{capture_method:(automatic,automatic_async) description metadata:m receipt_email setup_future_usage:(off_session,on_session) statement_descriptor statement_descriptor_suffix transfer_group}
		phone_number_collection:{enabled!:b}
		setup_intent_data:{description metadata:m}
		subscription_data:{billing_cycle_anchor:t default_tax_rates:[s] description metadata:m proration_behavior:(create_prorations,none) trial_end:t trial_period_days:i ` + trialSettings + `}
		submit_type:(auto,book,donate,pay) success_url tax_id_collection:{enabled!:b} ui_mode:(embedded,hosted)`, createCheckout},
	{"GET /v1/checkout/sessions", "created:r customer payment_intent status:(complete,expired,open) subscription" + pageParams, listCheckouts},
	{"GET /v1/checkout/sessions/{id}", "", getCheckout},
	{"GET /v1/checkout/sessions/{id}/line_items", pageParams, listCheckoutLines},
	{"POST /v1/checkout/sessions/{id}/expire", "", expireCheckout},
}

const (
	checkoutLasts    = 24 * 3600
	checkoutShortest = 30 * 60
)

func createCheckout(c *call) (any, error) {
	if err := c.checkoutRefuses(); err != nil {
		return nil, err
	}
	cs := &object.CheckoutSession{
		ID: c.newID("cs_test_a1"), Object: "checkout.session", CancelURL: object.Text(c.p.Str("cancel_url")), ClientReferenceID: object.Text(c.p.Str("client_reference_id")),
		Created: c.now, Customer: object.Text(c.p.Str("customer")), CustomerEmail: object.Text(c.p.Str("customer_email")), ExpiresAt: c.now + checkoutLasts,
		Mode: c.p.Str("mode"), PaymentMethodTypes: []string{"card"}, PaymentStatus: "unpaid", Status: "open", SuccessURL: object.Text(c.p.Str("success_url")), UIMode: "hosted",
		BillingAddressCollection: object.Text(c.p.Str("billing_address_collection")), Locale: object.Text(c.p.Str("locale")), SubmitType: object.Text(c.p.Str("submit_type")),
		PaymentMethodOptions: object.Raw("{}"),
	}
	if c.p.Has("allow_promotion_codes") {
		cs.AllowPromotionCodes = ptr(c.p.Bool("allow_promotion_codes"))
	}
	for _, read := range []func(*object.CheckoutSession) error{c.checkoutTimes, c.checkoutCustomer, c.checkoutTax, c.checkoutLines, c.checkoutData, c.checkoutDiscount} {
		if err := read(cs); err != nil {
			return nil, err
		}
	}
	cs.URL = object.Text(c.s.base + "/pay/" + cs.ID)
	c.put(cs)
	c.priceCheckout(cs, c.checkoutTerms(cs))
	if err := checkoutFits(cs, "line_items"); err != nil {
		return nil, err
	}
	return cs, nil
}

// checkoutTimes reads when the session expires, and its metadata.
func (c *call) checkoutTimes(cs *object.CheckoutSession) error {
	if c.p.Given("expires_at") {
		cs.ExpiresAt = c.p.Int("expires_at")
		if cs.ExpiresAt < c.now+checkoutShortest || cs.ExpiresAt > c.now+checkoutLasts {
			return invalid("expires_at", "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.")
		}
	}
	var err error
	cs.Metadata, err = mergeMetadata(nil, c.p)
	return err
}

// checkoutRefuses checks which parameters go together.
func (c *call) checkoutRefuses() error {
	mode := c.p.Str("mode")
	onlyFor := map[string][]string{
		"subscription_data": {"subscription"}, "payment_method_collection": {"subscription"}, "payment_intent_data": {"payment"},
		"invoice_creation": {"payment"}, "setup_intent_data": {"setup"}, "submit_type": {"payment"}, "customer_creation": {"payment", "setup"},
		"line_items": {"payment", "subscription"}, "discounts": {"payment", "subscription"}, "allow_promotion_codes": {"payment", "subscription"},
		"automatic_tax": {"payment", "subscription"}, "tax_id_collection": {"payment", "subscription"},
	}
	switch {
	case mode == "":
		return invalidCode("parameter_missing", "mode", "Missing required param: mode.")
	case c.p.Str("ui_mode") == "embedded":
		return invalid("ui_mode", "Only `ui_mode=hosted` is part of this simulator.")
	case !c.p.Given("success_url"):
		return invalidCode("parameter_missing", "success_url", "Missing required param: success_url.")
	case c.p.Has("allow_promotion_codes") && c.p.Has("discounts"):
		return invalid("allow_promotion_codes", "You may only specify one of these parameters: allow_promotion_codes, discounts.")
	case c.p.Given("customer") && c.p.Given("customer_email"):
		return invalid("customer_email", "You may only specify one of these parameters: customer, customer_email.")
	case c.p.Given("customer") && c.p.Has("customer_creation"):
		return invalid("customer_creation", "You may only specify one of these parameters: customer, customer_creation.")
	case c.p.Has("customer_update") && !c.p.Given("customer"):
		return invalid("customer_update", "`customer_update` can only be used with `customer`.")
	case mode != "setup" && len(c.p.List("line_items")) == 0:
		return invalidCode("parameter_missing", "line_items", "Missing required param: line_items.")
	}
	for _, name := range c.p.Names() {
		if modes, limited := onlyFor[name]; limited && !contains(modes, mode) {
			return invalid(name, "You can not pass `%s` in `%s` mode.", name, mode)
		}
	}
	return nil
}

func (c *call) checkoutCustomer(cs *object.CheckoutSession) error {
	if cs.Customer != "" {
		cus, err := c.customer(string(cs.Customer), "customer")
		if err != nil {
			return err
		}
		cs.CustomerDetails = &object.CheckoutCustomer{Email: cus.Email, Name: cus.Name, Phone: cus.Phone, Address: cus.Address, TaxExempt: cus.TaxExempt, TaxIds: append([]object.TaxID{}, cus.State.TaxIDs...)}
		cs.CustomerEmail = ""
		return nil
	}
	if err := checkEmail("customer_email", string(cs.CustomerEmail)); err != nil {
		return err
	}
	if cs.CustomerEmail != "" {
		cs.CustomerDetails = &object.CheckoutCustomer{Email: cs.CustomerEmail, TaxExempt: "none", TaxIds: []object.TaxID{}}
	}
	switch cs.Mode {
	case "subscription":
		cs.CustomerCreation = "always"
	default:
		cs.CustomerCreation = object.Text(c.p.StrOr("customer_creation", "if_required"))
	}
	return nil
}

// checkoutData reads what the objects will be given that the session makes.
func (c *call) checkoutData(cs *object.CheckoutSession) error {
	var err error
	st := &cs.State
	sub, pay, setup := c.p.Sub("subscription_data"), c.p.Sub("payment_intent_data"), c.p.Sub("setup_intent_data")
	if st.SubscriptionMeta, err = mergeMetadata(nil, sub); err != nil {
		return err
	}
	if st.PaymentMeta, err = mergeMetadata(nil, pay); err != nil {
		return err
	}
	if st.SetupMeta, err = mergeMetadata(nil, setup); err != nil {
		return err
	}
	st.SubscriptionText, st.PaymentText, st.SetupText = sub.Str("description"), pay.Str("description"), setup.Str("description")
	st.SetupFutureUsage = pay.Str("setup_future_usage")
	st.TrialEnd, st.TrialDays = sub.Int("trial_end"), sub.Int("trial_period_days")
	st.TrialEndBehavior = sub.Sub("trial_settings").Sub("end_behavior").Str("missing_payment_method")
	st.BillingCycleAnchor, st.ProrationBehavior = sub.Int("billing_cycle_anchor"), sub.Str("proration_behavior")
	switch {
	case sub.Given("trial_end") && sub.Given("trial_period_days"):
		return invalid("subscription_data[trial_period_days]", "You may only specify one of these parameters: trial_end, trial_period_days.")
	case sub.Given("trial_end") && st.TrialEnd < c.now+48*3600:
		return invalid("subscription_data[trial_end]", "The `trial_end` date has to be at least 2 days in the future.")
	case sub.Given("trial_period_days") && st.TrialDays < 1:
		return invalid("subscription_data[trial_period_days]", "The minimum number of trial period days is 1.")
	case st.BillingCycleAnchor != 0 && st.BillingCycleAnchor <= c.now:
		return invalid("subscription_data[billing_cycle_anchor]", "The `billing_cycle_anchor` must be in the future.")
	}
	if cs.Mode == "subscription" {
		cs.PaymentMethodCollection = object.Text(c.p.StrOr("payment_method_collection", "always"))
	}
	return c.checkoutInvoice(cs)
}

func (c *call) checkoutInvoice(cs *object.CheckoutSession) error {
	if cs.Mode != "payment" {
		return nil
	}
	p := c.p.Sub("invoice_creation")
	data := p.Sub("invoice_data")
	meta, err := mergeMetadata(nil, data)
	cs.InvoiceCreation = &object.CheckoutInvoiceCreation{Enabled: p.Bool("enabled"), InvoiceData: object.CheckoutInvoiceData{
		Description: object.Text(data.Str("description")), Footer: object.Text(data.Str("footer")), Metadata: meta,
	}}
	return err
}

func getCheckout(c *call) (any, error) {
	return need[*object.CheckoutSession](c.tx, "checkout.session", c.id, "id")
}

func expireCheckout(c *call) (any, error) {
	cs, err := need[*object.CheckoutSession](c.tx, "checkout.session", c.id, "id")
	if err != nil {
		return nil, err
	}
	if cs.Status != "open" {
		return nil, invalid("", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of %s.", cs.Status)
	}
	_ = c.checkoutExpires(c.id)
	return edit[*object.CheckoutSession](c.tx, c.id), nil
}

func checkoutDue(cs *object.CheckoutSession) int64 {
	if cs.Status != "open" {
		return 0
	}
	return cs.ExpiresAt
}

func (t *tx) checkoutExpires(id string) error {
	cs := edit[*object.CheckoutSession](t, id)
	cs.Status, cs.URL = "expired", ""
	t.emit("checkout.session.expired", cs)
	return nil
}

func listCheckouts(c *call) (any, error) {
	return pageNewest(c, candidates[*object.CheckoutSession](c, "customer"), func(o *object.CheckoutSession) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || string(o.Customer) == c.p.Str("customer")) &&
			(!c.p.Given("payment_intent") || string(o.PaymentIntent) == c.p.Str("payment_intent")) &&
			(!c.p.Given("subscription") || string(o.Subscription) == c.p.Str("subscription")) &&
			(!c.p.Given("status") || string(o.Status) == c.p.Str("status"))
	})
}

func listCheckoutLines(c *call) (any, error) {
	cs, err := need[*object.CheckoutSession](c.tx, "checkout.session", c.id, "id")
	if err != nil {
		return nil, err
	}
	return pageOfRows(c, cs.State.Lines, func(l *object.CheckoutLine) string { return l.ID })
}
