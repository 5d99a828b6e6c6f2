package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"windfall/local/stripesim"
)

// paymentMethod puts a card on file as the default, as a customer would.
func (c *Control) paymentMethod(r *http.Request) (any, error) {
	in, err := read[struct {
		Method string `json:"payment_method"`
	}](r)
	if err != nil {
		return nil, err
	}
	if in.Method == "" {
		return nil, invalid("payment_method: required, for example pm_card_visa.")
	}
	id, err := c.stripeID(r)
	if err != nil {
		return nil, err
	}
	if id == "" || c.deleted(id) {
		if id, err = c.customerFor(r, in.Method); err != nil {
			return nil, err
		}
	}
	attached, err := c.stripe(http.MethodPost, methodPath(in.Method)+"/attach", url.Values{"customer": {id}})
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

// deleted reports whether a Stripe customer was deleted there.
func (c *Control) deleted(id string) bool {
	var customer struct{ Deleted bool }
	text, err := c.stripe(http.MethodGet, "/v1/customers/"+id, nil)
	return err == nil && json.Unmarshal(text, &customer) == nil && customer.Deleted
}

// useCard makes running subscriptions charge the new card too: a card saved on
// one of them takes precedence over the customer's default.
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

func methodPath(id string) string { return "/v1/payment_methods/" + url.PathEscape(id) }

// customerFor has the API create the customer at Stripe, once the card is known
// to exist: a wrong card leaves nothing behind.
func (c *Control) customerFor(r *http.Request, method string) (string, error) {
	if !stripesim.IsTestCard(method) {
		text, err := c.stripe(http.MethodGet, methodPath(method), nil)
		if err != nil {
			return "", err
		}
		var saved struct{ Customer *string }
		if err := json.Unmarshal(text, &saved); err != nil {
			return "", err
		}
		if saved.Customer != nil {
			return "", invalid("payment_method: " + strconv.Quote(method) + " is the card of another customer.")
		}
	}
	body, _ := json.Marshal(map[string]any{"id": r.PathValue("id"), "create_in_stripe": true}) // text always encodes
	status, answer, err := c.stack.Call(r.Context(), http.MethodPost, "/v1/customers", body)
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		refused := &failure{status: status}
		if err := json.Unmarshal(answer, refused); err != nil {
			return "", err
		}
		return "", refused
	}
	return c.stripeID(r)
}

func (c *Control) invoiceAction(action string) handler {
	return func(r *http.Request) (any, error) {
		if err := takesNothing(r); err != nil {
			return nil, err
		}
		path := "/v1/invoices/" + url.PathEscape(r.PathValue("id")) + "/" + action
		out, err := c.act(r, http.MethodPost, path, nil)
		var refused *failure
		if action == "pay" && errors.As(err, &refused) && refused.Code == "resource_missing" && refused.status == http.StatusBadRequest {
			// No card on file: paid by bank transfer.
			return c.act(r, http.MethodPost, path, url.Values{"paid_out_of_band": {"true"}})
		}
		return out, err
	}
}

// act calls Stripe and waits until its events are delivered.
func (c *Control) act(r *http.Request, method, path string, values url.Values) (any, error) {
	out, err := c.stripe(method, path, values)
	if err != nil {
		return nil, err
	}
	return out, c.stack.Quiet(r.Context())
}

// changeSubscription takes the parameters of Stripe's own API, as JSON.
func (c *Control) changeSubscription(r *http.Request) (any, error) {
	in, err := read[map[string]any](r)
	if err != nil {
		return nil, err
	}
	values := url.Values{}
	if err := form("", in, values); err != nil {
		return nil, err
	}
	return c.act(r, http.MethodPost, subscriptionPath(r), values)
}

func (c *Control) deleteSubscription(r *http.Request) (any, error) {
	return c.act(r, http.MethodDelete, subscriptionPath(r), nil)
}

func subscriptionPath(r *http.Request) string {
	return "/v1/subscriptions/" + url.PathEscape(r.PathValue("id"))
}
