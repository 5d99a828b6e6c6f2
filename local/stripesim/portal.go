package stripesim

import (
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const portalParams = `business_profile:{headline privacy_policy_url terms_of_service_url} default_return_url metadata:m login_page:{enabled!:b}
	features:{customer_update:{allowed_updates:[(address,email,name,phone,shipping,tax_id)] enabled:b} invoice_history:{enabled!:b} payment_method_update:{enabled!:b}
	subscription_cancel:{cancellation_reason:{enabled!:b options:[s]} enabled:b mode:(at_period_end,immediately) proration_behavior:(always_invoice,create_prorations,none)}
	subscription_pause:{enabled:b} subscription_update:{default_allowed_updates:[(price,promotion_code,quantity)] enabled:b products:[{prices!:[s] product!}] proration_behavior:(always_invoice,create_prorations,none)}}`

var portalRoutes = []endpoint{
	{"POST /v1/billing_portal/sessions", "configuration customer! locale return_url", createPortalSession},
	{"POST /v1/billing_portal/configurations", portalParams, createPortalConfiguration},
	{"GET /v1/billing_portal/configurations", "active:b is_default:b" + pageParams, listPortalConfigurations},
	{"GET /v1/billing_portal/configurations/{id}", "", getPortalConfiguration},
	{"POST /v1/billing_portal/configurations/{id}", "active:b " + portalParams, updatePortalConfiguration},
}

// createPortalSession: without a configuration the default one is used; an
// account that has none gets one, as the dashboard would save it.
func createPortalSession(c *call) (any, error) {
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	id := c.p.Str("configuration")
	if id == "" {
		id = c.defaultPortal().ID
	}
	conf, err := need[*object.PortalConfiguration](c.tx, "configuration", id, "configuration")
	if err != nil {
		return nil, err
	}
	if !conf.Active {
		return nil, invalid("configuration", "The configuration %s is not active.", id)
	}
	back := c.p.StrOr("return_url", string(conf.DefaultReturnURL))
	ps := &object.PortalSession{
		ID: c.newID("bps_"), Object: "billing_portal.session", Configuration: id, Created: c.now, Customer: cus.ID,
		Locale: object.Text(c.p.Str("locale")), ReturnURL: object.Text(back),
	}
	ps.URL = c.s.base + "/portal/" + ps.ID
	c.put(ps)
	c.emit("billing_portal.session.created", ps)
	return ps, nil
}

func (t *tx) newPortal() *object.PortalConfiguration {
	conf := &object.PortalConfiguration{ID: t.newID("bpc_"), Object: "billing_portal.configuration", Active: true, Created: t.now, Updated: t.now}
	conf.Features.CustomerUpdate.AllowedUpdates = []string{}
	conf.Features.SubscriptionCancel = object.PortalCancel{Mode: "at_period_end", ProrationBehavior: "none", CancellationReason: object.PortalCancelReason{Options: []string{}}}
	conf.Features.SubscriptionUpdate = object.PortalSubscriptionUpdate{DefaultAllowedUpdates: []string{}, Products: []object.PortalProduct{}, ProrationBehavior: "none"}
	t.put(conf)
	return conf
}

func (t *tx) defaultPortal() *object.PortalConfiguration {
	for _, conf := range all[*object.PortalConfiguration](t) {
		if conf.IsDefault {
			return conf
		}
	}
	conf := t.newPortal()
	conf.IsDefault = true
	conf.Features.InvoiceHistory.Enabled, conf.Features.PaymentMethodUpdate.Enabled, conf.Features.SubscriptionCancel.Enabled = true, true, true
	return conf
}

func createPortalConfiguration(c *call) (any, error) {
	for _, name := range []string{"features", "business_profile"} {
		if !c.p.Given(name) {
			return nil, invalidCode("parameter_missing", name, "Missing required param: %s.", name)
		}
	}
	for _, need := range portalNeeds {
		feature := c.p.Sub("features").Sub(need[0])
		if name := need[1]; c.p.Sub("features").Given(need[0]) && !feature.Has(name) {
			return nil, invalidCode("parameter_missing", feature.Path(name), "Missing required param: %s.", feature.Path(name))
		}
	}
	conf := c.newPortal()
	return conf, c.setPortal(conf)
}

// portalNeeds is what a feature must say when a configuration is made; a change
// may leave it out.
var portalNeeds = [][2]string{
	{"customer_update", "enabled"}, {"subscription_cancel", "enabled"},
	{"subscription_update", "enabled"}, {"subscription_update", "default_allowed_updates"}, {"subscription_update", "products"},
}

func (c *call) setPortal(conf *object.PortalConfiguration) error {
	b := c.p.Sub("business_profile")
	text(&conf.BusinessProfile.Headline, b, "headline")
	text(&conf.BusinessProfile.PrivacyPolicyURL, b, "privacy_policy_url")
	text(&conf.BusinessProfile.TermsOfServiceURL, b, "terms_of_service_url")
	text(&conf.DefaultReturnURL, c.p, "default_return_url")
	flag(&conf.Active, c.p, "active")
	flag(&conf.LoginPage.Enabled, c.p.Sub("login_page"), "enabled")
	f := c.p.Sub("features")
	flag(&conf.Features.InvoiceHistory.Enabled, f.Sub("invoice_history"), "enabled")
	flag(&conf.Features.PaymentMethodUpdate.Enabled, f.Sub("payment_method_update"), "enabled")
	flag(&conf.Features.SubscriptionPause.Enabled, f.Sub("subscription_pause"), "enabled")
	setPortalUpdates(conf, f)
	conf.Updated = c.now
	var err error
	conf.Metadata, err = mergeMetadata(conf.Metadata, c.p)
	return err
}

func setPortalUpdates(conf *object.PortalConfiguration, f *form.Params) {
	customer, cancel, update := f.Sub("customer_update"), f.Sub("subscription_cancel"), f.Sub("subscription_update")
	flag(&conf.Features.CustomerUpdate.Enabled, customer, "enabled")
	if customer.Has("allowed_updates") {
		conf.Features.CustomerUpdate.AllowedUpdates = customer.Strings("allowed_updates")
	}
	sc := &conf.Features.SubscriptionCancel
	flag(&sc.Enabled, cancel, "enabled")
	sc.Mode, sc.ProrationBehavior = cancel.StrOr("mode", sc.Mode), cancel.StrOr("proration_behavior", sc.ProrationBehavior)
	flag(&sc.CancellationReason.Enabled, cancel.Sub("cancellation_reason"), "enabled")
	if r := cancel.Sub("cancellation_reason"); r.Has("options") {
		sc.CancellationReason.Options = r.Strings("options")
	}
	su := &conf.Features.SubscriptionUpdate
	flag(&su.Enabled, update, "enabled")
	su.ProrationBehavior = update.StrOr("proration_behavior", su.ProrationBehavior)
	if update.Has("default_allowed_updates") {
		su.DefaultAllowedUpdates = update.Strings("default_allowed_updates")
	}
	if update.Has("products") {
		su.Products = []object.PortalProduct{}
		for _, p := range update.List("products") {
			su.Products = append(su.Products, object.PortalProduct{Product: p.Str("product"), Prices: p.Strings("prices")})
		}
	}
}

func getPortalConfiguration(c *call) (any, error) {
	return need[*object.PortalConfiguration](c.tx, "configuration", c.id, "id")
}

func updatePortalConfiguration(c *call) (any, error) {
	if _, err := getPortalConfiguration(c); err != nil {
		return nil, err
	}
	conf := edit[*object.PortalConfiguration](c.tx, c.id)
	if conf.IsDefault && c.p.Given("active") && !c.p.Bool("active") {
		return nil, invalid("active", "The default configuration cannot be made inactive.")
	}
	return conf, c.setPortal(conf)
}

func listPortalConfigurations(c *call) (any, error) {
	return pageNewest(c, all[*object.PortalConfiguration](c.tx), func(o *object.PortalConfiguration) bool {
		return (!c.p.Given("active") || o.Active == c.p.Bool("active")) && (!c.p.Given("is_default") || o.IsDefault == c.p.Bool("is_default"))
	})
}
