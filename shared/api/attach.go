package api

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// Attach serves POST /v1/attach: it gives products to a customer.
func Attach(a *app.App) *Function {
	return function(a, route{"POST /v1/attach", public, func(ctx context.Context, req Request) (any, error) {
		cmd, err := attachCommand(req)
		if err != nil {
			return nil, err
		}
		done, err := a.Attach(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return attachAnswer(done), nil
	}, true})
}

type customerData struct {
	Name        *string        `json:"name"`
	Email       *string        `json:"email"`
	Fingerprint *string        `json:"fingerprint"`
	Metadata    map[string]any `json:"metadata"`
}

func (d *customerData) data() billing.CustomerData {
	if d == nil {
		return billing.CustomerData{}
	}
	return billing.CustomerData{Name: value(d.Name), Email: value(d.Email), Fingerprint: value(d.Fingerprint), Metadata: d.Metadata}
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type option struct {
	FeatureID string  `json:"feature_id"`
	Quantity  *number `json:"quantity"`
}

type attachRequest struct {
	CustomerID    string          `json:"customer_id"`
	CustomerData  *customerData   `json:"customer_data"`
	EntityID      string          `json:"entity_id"`
	ProductID     string          `json:"product_id"`
	ProductIDs    []string        `json:"product_ids"`
	Options       []option        `json:"options"`
	IsCustom      bool            `json:"is_custom"`
	Items         json.RawMessage `json:"items"`
	FreeTrial     json.RawMessage `json:"free_trial"`
	Version       int             `json:"version"`
	SuccessURL    string          `json:"success_url"`
	ForceCheckout bool            `json:"force_checkout"`
	InvoiceOnly   bool            `json:"invoice_only"`
	Invoice       bool            `json:"invoice"`
	Finalize      *bool           `json:"finalize_invoice"`
	Metadata      map[string]any  `json:"metadata"`
	SessionParams map[string]any  `json:"checkout_session_params"`
}

// attachCommand reads an attach; the preview reads the same.
func attachCommand(req Request) (app.AttachCommand, error) {
	in, err := decode[attachRequest](req)
	if err != nil {
		return app.AttachCommand{}, err
	}
	if err := in.check(); err != nil {
		return app.AttachCommand{}, err
	}
	cmd := app.AttachCommand{CustomerID: in.CustomerID, Data: in.CustomerData.data(), ProductIDs: in.ProductIDs, Version: in.Version}
	if in.ProductID != "" {
		cmd.ProductIDs = []string{in.ProductID}
	}
	cmd.Options = billing.Attach{
		ByInvoice: in.InvoiceOnly || in.Invoice, DraftInvoice: in.Finalize != nil && !*in.Finalize,
		ForceCheckout: in.ForceCheckout, SuccessURL: in.SuccessURL, NoTrial: string(in.FreeTrial) == "false",
	}
	for _, o := range in.Options {
		if o.Quantity == nil {
			return cmd, &billing.Error{Kind: billing.KindInvalid, Code: "invalid_options", Message: fmt.Sprintf("Pass in 'quantity' for feature %q in options.", o.FeatureID)}
		}
		cmd.Options.Options = append(cmd.Options.Options, billing.Option{FeatureID: o.FeatureID, Quantity: o.Quantity.Decimal})
	}
	cmd.Options.Metadata = texts(in.Metadata)
	cmd.Options.Extra = map[string]string{}
	flatten("", in.SessionParams, cmd.Options.Extra)
	return cmd, nil
}

func (in attachRequest) check() error {
	switch {
	case in.CustomerID == "":
		return billing.InvalidInputs("customer_id: required.")
	case in.ProductID == "" && len(in.ProductIDs) == 0:
		return billing.InvalidInputs("product_id: required.")
	case in.ProductID != "" && len(in.ProductIDs) > 0:
		return billing.InvalidInputs("Either product_id or product_ids should be provided, not both.")
	case in.IsCustom && len(in.ProductIDs) > 0:
		return billing.InvalidInputs("Can't pass in product_ids if is_custom is true.")
	case len(in.Items) > 0 && string(in.Items) != "null" && !in.IsCustom:
		return billing.InvalidInputs("Can't pass in items if is_custom is false.")
	case in.IsCustom:
		return billing.Invalid("Custom products (is_custom) are not available in this version.")
	case in.EntityID != "":
		return billing.Invalid("Attaching to an entity is not available in this version.")
	case in.Version < 0:
		return billing.InvalidInputs("version: must be 1 or more.")
	case len(in.FreeTrial) > 0 && in.FreeTrial[0] != 't' && in.FreeTrial[0] != 'f' && in.FreeTrial[0] != 'n':
		return billing.Invalid("A trial of one's own (free_trial as an object) is not available in this version.")
	case !httpURL(in.SuccessURL):
		return billing.InvalidInputs("success_url: must begin with http:// or https://.")
	}
	seen := map[string]bool{}
	for _, id := range in.ProductIDs {
		if seen[id] {
			return billing.InvalidInputs("Can't pass in duplicate product_ids.")
		}
		seen[id] = true
	}
	return nil
}

type attachResponse struct {
	Success     bool         `json:"success"`
	CustomerID  string       `json:"customer_id"`
	ProductIDs  []string     `json:"product_ids"`
	Code        string       `json:"code"`
	Message     string       `json:"message"`
	CheckoutURL string       `json:"checkout_url,omitempty"`
	Invoice     *invoiceJSON `json:"invoice,omitempty"`
}

func attachAnswer(done app.Outcome) attachResponse {
	out := attachResponse{Success: true, CustomerID: done.CustomerID, ProductIDs: done.ProductIDs,
		Code: done.Code, Message: done.Message, CheckoutURL: done.URL}
	if done.Invoice != nil {
		invoice := invoiceOf(*done.Invoice)
		out.Invoice = &invoice
	}
	return out
}

// texts keeps metadata as Stripe takes it: text values.
func texts(m map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if s, ok := v.(string); ok {
			out[k] = s
		} else if b, err := json.Marshal(v); err == nil {
			out[k] = string(b)
		}
	}
	return out
}

// flatten spells nested parameters as Stripe's form does: a[b][0].
func flatten(prefix string, v any, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			name := k
			if prefix != "" {
				name = prefix + "[" + k + "]"
			}
			flatten(name, v[k], out)
		}
	case []any:
		for i, e := range v {
			flatten(fmt.Sprintf("%s[%d]", prefix, i), e, out)
		}
	case nil:
	case string:
		out[prefix] = v
	default:
		b, _ := json.Marshal(v) // a number or a boolean of decoded JSON
		out[prefix] = string(b)
	}
}

func httpURL(s string) bool {
	return s == "" || len(s) < 2048 && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"))
}
