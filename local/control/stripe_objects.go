package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

type list struct {
	Data    []json.RawMessage
	HasMore bool `json:"has_more"`
}

// stripe calls the simulator and returns its answer, or its refusal.
func (c *Control) stripe(method, path string, values url.Values) (json.RawMessage, error) {
	status, text, err := c.stack.Stripe(method, path, values)
	if err != nil {
		return nil, err
	}
	return answered(status, text)
}

// answered is an answer of the simulator, or its refusal.
func answered(status int, text json.RawMessage) (json.RawMessage, error) {
	if status != http.StatusOK {
		var refused struct {
			Error struct{ Message, Code, Type, Param string }
		}
		_ = json.Unmarshal(text, &refused) // missing fields stay empty
		code := refused.Error.Code
		if code == "" {
			code = refused.Error.Type
		}
		message := refused.Error.Message
		if p := refused.Error.Param; p != "id" && !strings.Contains(message, p) {
			message = p + ": " + message // Stripe names it apart from the sentence
		}
		return nil, &failure{status, code, message}
	}
	return text, nil
}

// all reads every page of a list, newest first.
func (c *Control) all(path string, values url.Values) ([]json.RawMessage, error) {
	out := []json.RawMessage{}
	values.Set("limit", "100")
	for {
		text, err := c.stripe(http.MethodGet, path, values)
		if err != nil {
			return nil, err
		}
		var page list
		if err := json.Unmarshal(text, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Data...)
		if !page.HasMore {
			return out, nil
		}
		var last struct{ ID string }
		if err := json.Unmarshal(page.Data[len(page.Data)-1], &last); err != nil {
			return nil, err
		}
		values.Set("starting_after", last.ID)
	}
}

// stripeID finds the Stripe customer of a customer; "" if it has none.
func (c *Control) stripeID(r *http.Request) (string, error) {
	s, found, err := c.stack.Customer(r.Context(), r.PathValue("id"))
	if err != nil {
		return "", err
	}
	if !found {
		return "", &failure{http.StatusNotFound, "customer_not_found", fmt.Sprintf("Customer %q was not found.", r.PathValue("id"))}
	}
	return s.Customer.StripeID, nil
}

func (c *Control) stripeObjects(r *http.Request) (any, error) {
	empty := []json.RawMessage{}
	out := map[string]any{"customer": nil, "subscriptions": empty, "schedules": empty, "payment_methods": empty, "balance_transactions": empty}
	id, err := c.stripeID(r)
	if err != nil || id == "" {
		return out, err
	}
	text, err := c.stripe(http.MethodGet, "/v1/customers/"+id, nil)
	if err != nil {
		return nil, err
	}
	var customer struct{ Deleted bool }
	if err := json.Unmarshal(text, &customer); err != nil {
		return nil, err
	}
	out["customer"] = text
	type list struct {
		path   string
		values url.Values
	}
	lists := map[string]list{
		"subscriptions": {"/v1/subscriptions", url.Values{"customer": {id}, "status": {"all"}}},
		"schedules":     {"/v1/subscription_schedules", url.Values{"customer": {id}}},
	}
	if !customer.Deleted { // nothing below the address of a deleted one can be read
		lists["payment_methods"] = list{"/v1/customers/" + id + "/payment_methods", url.Values{}}
		lists["balance_transactions"] = list{"/v1/customers/" + id + "/balance_transactions", url.Values{}}
	}
	for name, from := range lists {
		if out[name], err = c.all(from.path, from.values); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// invoices lists a customer's Stripe invoices, oldest first.
func (c *Control) invoices(r *http.Request) (any, error) {
	id, err := c.stripeID(r)
	if err != nil || id == "" {
		return []json.RawMessage{}, err
	}
	out, err := c.all("/v1/invoices", url.Values{"customer": {id}})
	slices.Reverse(out)
	return out, err
}
