package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// paymentMethod puts a card on file as the default, as a person would.
func (c *Control) paymentMethod(r *http.Request) (any, error) {
	var in struct {
		Method string `json:"payment_method"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Method == "" {
		return nil, invalid("payment_method: required, for example pm_card_visa.")
	}
	id, err := c.stripeID(r)
	if err != nil {
		return nil, err
	}
	if id == "" {
		if id, err = c.makeStripeCustomer(r); err != nil {
			return nil, err
		}
	}
	attached, err := c.stripe(http.MethodPost, "/v1/payment_methods/"+in.Method+"/attach", url.Values{"customer": {id}})
	if err != nil {
		return nil, err
	}
	var method struct{ ID string }
	if err := json.Unmarshal(attached, &method); err != nil {
		return nil, err
	}
	if _, err := c.stripe(http.MethodPost, "/v1/customers/"+id, url.Values{"invoice_settings[default_payment_method]": {method.ID}}); err != nil {
		return nil, err
	}
	if err := c.useCard(id, method.ID); err != nil {
		return nil, err
	}
	return json.RawMessage(attached), c.stack.Quiet(r.Context())
}

// useCard makes running subscriptions charge the new card, too: a card saved
// on one of them would win over the customer's default.
func (c *Control) useCard(customer, method string) error {
	subs, err := c.all("/v1/subscriptions", url.Values{"customer": {customer}})
	if err != nil {
		return err
	}
	for _, text := range subs {
		var sub struct {
			ID      string
			Default *string `json:"default_payment_method"`
		}
		if err := json.Unmarshal(text, &sub); err != nil {
			return err
		}
		if sub.Default == nil {
			continue
		}
		if _, err := c.stripe(http.MethodPost, "/v1/subscriptions/"+sub.ID, url.Values{"default_payment_method": {method}}); err != nil {
			return err
		}
	}
	return nil
}

// makeStripeCustomer has the API create the customer at Stripe.
func (c *Control) makeStripeCustomer(r *http.Request) (string, error) {
	body, _ := json.Marshal(map[string]any{"id": r.PathValue("id"), "create_in_stripe": true}) // text always encodes
	status, answer, err := c.stack.Call(r.Context(), http.MethodPost, "/v1/customers", body)
	if err != nil || status != http.StatusOK {
		return "", fmt.Errorf("create the Stripe customer: %d %s %w", status, answer, err)
	}
	return c.stripeID(r)
}

func (c *Control) invoiceAction(action string) handler {
	return func(r *http.Request) (any, error) {
		path := "/v1/invoices/" + r.PathValue("id") + "/" + action
		out, err := c.act(r, http.MethodPost, path, nil)
		var refused *failure
		if action == "pay" && errors.As(err, &refused) && refused.Code == "resource_missing" && refused.status == http.StatusBadRequest {
			// No card on file: somebody paid by bank transfer.
			return c.act(r, http.MethodPost, path, url.Values{"paid_out_of_band": {"true"}})
		}
		return out, err
	}
}

// act does something at Stripe and waits until its events are delivered.
func (c *Control) act(r *http.Request, method, path string, values url.Values) (any, error) {
	out, err := c.stripe(method, path, values)
	if err != nil {
		return nil, err
	}
	return out, c.stack.Quiet(r.Context())
}

// changeSubscription takes the parameters of Stripe's own API, as JSON.
func (c *Control) changeSubscription(r *http.Request) (any, error) {
	var in map[string]any
	if err := read(r, &in); err != nil {
		return nil, err
	}
	values := url.Values{}
	form("", in, values)
	return c.act(r, http.MethodPost, "/v1/subscriptions/"+r.PathValue("id"), values)
}

func (c *Control) deleteSubscription(r *http.Request) (any, error) {
	return c.act(r, http.MethodDelete, "/v1/subscriptions/"+r.PathValue("id"), nil)
}

// form spells JSON as Stripe's form encoding: a[b][0]=c.
func form(prefix string, v any, out url.Values) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if prefix != "" {
				k = prefix + "[" + k + "]"
			}
			form(k, e, out)
		}
	case []any:
		for i, e := range v {
			form(fmt.Sprintf("%s[%d]", prefix, i), e, out)
		}
	case nil:
		out.Set(prefix, "")
	case string:
		out.Set(prefix, v)
	default:
		b, _ := json.Marshal(v) // numbers and booleans always encode
		out.Set(prefix, string(b))
	}
}
