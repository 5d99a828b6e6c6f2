package stripesim

import "windfall/local/stripesim/object"

const setupParams = "customer description metadata:m payment_method payment_method_types:[s]"

var setupIntentRoutes = []endpoint{
	{"POST /v1/setup_intents", "automatic_payment_methods:{enabled!:b allow_redirects:(always,never)} confirm:b return_url usage:(off_session,on_session) " + setupParams, createSetupIntent},
	{"GET /v1/setup_intents", "created:r customer payment_method" + pageParams, listSetupIntents},
	{"GET /v1/setup_intents/{id}", "client_secret", getSetupIntent},
	{"POST /v1/setup_intents/{id}", setupParams, updateSetupIntent},
	{"POST /v1/setup_intents/{id}/confirm", "payment_method return_url", confirmSetupIntent},
	{"POST /v1/setup_intents/{id}/cancel", "cancellation_reason:(abandoned,duplicate,requested_by_customer)", cancelSetupIntent},
}

func (t *tx) newSetupIntent(customer object.Text, usage string) *object.SetupIntent {
	id := t.newID("seti_")
	si := &object.SetupIntent{
		ID: id, Object: "setup_intent", Created: t.now, Customer: customer, PaymentMethodTypes: []string{"card"},
		ClientSecret: object.Text(id + "_secret_" + word(t.s.seed, "secret", t.Seq, 25)), Status: "requires_payment_method", Usage: usage,
		PaymentMethodOptions: object.Raw(`{"card":{"mandate_options":null,"network":null,"request_three_d_secure":"automatic"}}`),
	}
	t.put(si)
	return si
}

func createSetupIntent(c *call) (any, error) {
	if who := c.p.Str("customer"); who != "" {
		if _, err := c.customer(who, "customer"); err != nil {
			return nil, err
		}
	}
	si := c.newSetupIntent(object.Text(c.p.Str("customer")), c.p.StrOr("usage", "off_session"))
	if err := c.setSetupIntent(si); err != nil {
		return nil, err
	}
	c.emit("setup_intent.created", si)
	if c.p.Bool("confirm") {
		return c.confirmSetup(si)
	}
	return si, nil
}

func (c *call) setSetupIntent(si *object.SetupIntent) error {
	text(&si.Description, c.p, "description")
	if c.p.Given("customer") {
		si.Customer = object.Text(c.p.Str("customer"))
	}
	if c.p.Has("payment_method_types") {
		si.PaymentMethodTypes = c.p.Strings("payment_method_types")
	}
	if id := c.p.Str("payment_method"); id != "" {
		pm, err := c.usable(id)
		if err != nil {
			return err
		}
		si.PaymentMethod, si.Status = object.Text(pm.ID), "requires_confirmation"
	}
	var err error
	si.Metadata, err = mergeMetadata(si.Metadata, c.p)
	return err
}

// confirmSetup saves the card for the customer of the intent.
func (c *call) confirmSetup(si *object.SetupIntent) (any, error) {
	pm, ok := find[*object.PaymentMethod](c.tx, string(si.PaymentMethod))
	if !ok {
		return nil, invalidCode("setup_intent_unexpected_state", "payment_method", "You cannot confirm this SetupIntent because it's missing a payment method.")
	}
	if refusesToAttach(pm.State.Behavior) {
		e := declined(verdicts[pm.State.Behavior])
		e.keep = true
		si.Status, si.PaymentMethod = "requires_payment_method", ""
		last := e.body
		last.PaymentMethod = pm
		si.LastSetupError = &last
		c.emit("setup_intent.setup_failed", si)
		e.body.SetupIntent = si
		return nil, e
	}
	if si.Customer != "" {
		if _, err := c.attach(pm.ID, string(si.Customer)); err != nil {
			return nil, err
		}
	}
	si.Status, si.LastSetupError = "succeeded", nil
	c.emit("setup_intent.succeeded", si)
	return si, nil
}

func (c *call) openSetupIntent() (*object.SetupIntent, error) {
	si, err := need[*object.SetupIntent](c.tx, "setup_intent", c.id, "id")
	if err != nil {
		return nil, err
	}
	if si.Status == "succeeded" || si.Status == "canceled" {
		return nil, invalidCode("setup_intent_unexpected_state", "", "This SetupIntent has a status of %s and can no longer be changed.", si.Status)
	}
	return edit[*object.SetupIntent](c.tx, c.id), nil
}

func getSetupIntent(c *call) (any, error) {
	return need[*object.SetupIntent](c.tx, "setup_intent", c.id, "id")
}

func updateSetupIntent(c *call) (any, error) {
	si, err := c.openSetupIntent()
	if err != nil {
		return nil, err
	}
	return si, c.setSetupIntent(si)
}

func confirmSetupIntent(c *call) (any, error) {
	si, err := c.openSetupIntent()
	if err != nil {
		return nil, err
	}
	if err := c.setSetupIntent(si); err != nil {
		return nil, err
	}
	return c.confirmSetup(si)
}

func cancelSetupIntent(c *call) (any, error) {
	si, err := c.openSetupIntent()
	if err != nil {
		return nil, err
	}
	si.Status, si.CancellationReason = "canceled", object.Text(c.p.Str("cancellation_reason"))
	c.emit("setup_intent.canceled", si)
	return si, nil
}

func listSetupIntents(c *call) (any, error) {
	return pageNewest(c, all[*object.SetupIntent](c.tx), func(o *object.SetupIntent) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || string(o.Customer) == c.p.Str("customer")) &&
			(!c.p.Given("payment_method") || string(o.PaymentMethod) == c.p.Str("payment_method"))
	})
}
