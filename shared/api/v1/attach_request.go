package v1

import (
	"encoding/json"
	"fmt"
	"net/http"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/pageparams"
)

type customerData = fields.CustomerData

type option struct {
	FeatureID string      `json:"feature_id"`
	Quantity  *api.Number `json:"quantity"`
}

type attachRequest struct {
	CustomerID    string             `json:"customer_id"`
	CustomerData  *customerData      `json:"customer_data"`
	EntityID      string             `json:"entity_id"`
	ProductID     string             `json:"product_id"`
	ProductIDs    []string           `json:"product_ids"`
	Products      []oneProduct       `json:"products"` // product_ids, as autumn-py spells them
	Options       []option           `json:"options"`
	IsCustom      bool               `json:"is_custom"`
	Items         *[]itemJSON        `json:"items"`
	FreeTrial     trialChoice        `json:"free_trial"`
	PlanSchedule  string             `json:"plan_schedule"` // immediate, end_of_cycle, or "" for the rule
	CycleAnchor   json.RawMessage    `json:"billing_cycle_anchor"`
	OwnBilling    bool               `json:"new_billing_subscription"`
	SetupPayment  bool               `json:"setup_payment"`
	Currency      fields.Currency    `json:"currency"`
	Version       fields.Version     `json:"version"`
	AutomaticTax  *bool              `json:"automatic_tax"` // null: as the settings say, or the subscription
	SuccessURL    string             `json:"success_url"`
	ForceCheckout bool               `json:"force_checkout"`
	InvoiceOnly   bool               `json:"invoice_only"`
	Invoice       bool               `json:"invoice"`
	Finalize      *bool              `json:"finalize_invoice"`
	Metadata      map[string]any     `json:"metadata"`
	SessionParams map[string]any     `json:"checkout_session_params"`
	EntityData    *fields.EntityData `json:"entity_data"`
	rewardFields
	uiExtras
}

type oneProduct struct {
	ID       string `json:"product_id"`
	Quantity *int   `json:"quantity"`
}

// namedProducts reads the products that are bought from either list of them.
func (in *attachRequest) namedProducts() error {
	if in.Products == nil {
		return nil
	}
	if in.ProductID != "" || in.ProductIDs != nil {
		return api.InvalidInputs("products: it names what is bought, as product_id and product_ids do. Send one of them.")
	}
	for n, p := range in.Products {
		switch {
		case p.ID == "":
			return api.InvalidInputs("products[%d].product_id: required.", n)
		case p.Quantity != nil && *p.Quantity != 1:
			return api.InvalidInputs("products[%d].quantity: a product is bought once. How many units of a feature are bought is in options.", n)
		}
		in.ProductIDs = append(in.ProductIDs, p.ID)
	}
	return nil
}

// attachCommand decodes an attach; the preview uses it too.
func attachCommand(req api.Request) (app.AttachCommand, error) {
	in, err := api.Decode[attachRequest](req)
	if err != nil {
		return app.AttachCommand{}, err
	}
	if err := in.namedProducts(); err != nil {
		return app.AttachCommand{}, err
	}
	if err := in.check(); err != nil {
		return app.AttachCommand{}, err
	}
	if req.Publishable {
		if err := in.asSold(); err != nil {
			return app.AttachCommand{}, err
		}
	}
	cmd := app.AttachCommand{CustomerID: in.CustomerID, Data: in.CustomerData.Data(), EntityID: in.EntityID, EntityData: in.EntityData.Data(), ProductIDs: in.ProductIDs, Version: int(in.Version), Currency: money.Currency(in.Currency)}
	if in.ProductID != "" {
		cmd.ProductIDs = []string{in.ProductID}
	}
	cmd.Terms = billing.Attach{
		ByInvoice: in.InvoiceOnly || in.Invoice, DraftInvoice: in.Finalize != nil && !*in.Finalize,
		ForceCheckout: in.ForceCheckout, SuccessURL: in.SuccessURL, NoTrial: in.FreeTrial.none,
		Trial: in.FreeTrial.own.rule(), Schedule: billing.PlanSchedule(in.PlanSchedule),
		Publishable: req.Publishable, Apart: in.OwnBilling, Now: req.Now, AutomaticTax: in.AutomaticTax,
	}
	if cmd.Terms.Items, err = wantedItems(in.Items); err != nil {
		return cmd, err
	}
	if cmd.Terms.BillingDay, cmd.Terms.BeginNow, err = fields.BillingDay(in.CycleAnchor); err != nil {
		return cmd, err
	}
	if cmd.Terms.Quantities, err = quantities(in.Options); err != nil {
		return cmd, err
	}
	if cmd.Terms.Metadata = api.Texts(in.Metadata); in.Metadata != nil {
		if err := pageparams.CheckMetadata(cmd.Terms.Metadata); err != nil {
			return cmd, err
		}
	}
	if err := in.rewardFields.into(&cmd); err != nil {
		return cmd, err
	}
	if cmd.Terms.Extra, err = pageparams.Read(in.SessionParams, pageparams.PaysOnce|pageparams.Subscribes); err != nil {
		return cmd, err
	}
	return cmd, fields.TaxOnPage(&cmd.Terms)
}

// quantities reads how many units of prepaid features are bought.
func quantities(options []option) (out []catalog.Quantity, err error) {
	for _, o := range options {
		if o.Quantity == nil {
			return nil, &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_options", Message: fmt.Sprintf("Pass in 'quantity' for feature %q in options.", o.FeatureID)}
		}
		out = append(out, catalog.Quantity{FeatureID: o.FeatureID, Quantity: o.Quantity.Decimal})
	}
	return out, nil
}

func (in attachRequest) check() error {
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		return fields.ErrNoEntity
	case in.ProductID == "" && len(in.ProductIDs) == 0:
		return api.InvalidInputs("product_id: required.")
	case in.ProductID != "" && len(in.ProductIDs) > 0:
		return api.InvalidInputs("Either product_id or product_ids should be provided, not both.")
	case in.IsCustom && len(in.ProductIDs) > 0:
		return api.InvalidInputs("Can't pass in product_ids if is_custom is true.")
	case in.Items != nil && !in.IsCustom:
		return api.InvalidInputs("Can't pass in items if is_custom is false.")
	case in.IsCustom && in.Items == nil && in.FreeTrial.own == nil:
		return api.InvalidInputs("A custom product (is_custom) needs items, free_trial or both.")
	case in.Items != nil && len(*in.Items) == 0:
		return api.InvalidInputs("items: at least one.")
	case in.FreeTrial.own != nil && len(in.ProductIDs) > 0:
		return api.InvalidInputs("Can't pass in free_trial as an object with product_ids. Attach the product on its own.")
	case in.PlanSchedule != "" && in.PlanSchedule != string(billing.Immediate) && in.PlanSchedule != string(billing.EndOfCycle):
		return api.InvalidInputs("plan_schedule: %q is neither immediate nor end_of_cycle.", in.PlanSchedule)
	case in.SetupPayment:
		return api.Invalid("setup_payment is not available in this version. Without a card on file the attach answers a checkout page, which keeps the card; leave it out.")
	case in.ForceCheckout && (in.Invoice || in.InvoiceOnly):
		return api.InvalidInputs("force_checkout asks for a page to pay on, and invoice mode for an invoice instead. Send one of them.")
	case in.Finalize != nil && !*in.Finalize && !in.Invoice && !in.InvoiceOnly:
		return api.InvalidInputs("finalize_invoice: false leaves the invoice of invoice mode a draft, and this attach is not in that mode. Pass in invoice: true, or leave it out.")
	}
	if err := in.checkPage(in.SessionParams); err != nil {
		return err
	}
	if err := fields.CheckSuccessURL(in.SuccessURL, in.SessionParams); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, id := range in.ProductIDs {
		if seen[id] {
			return api.InvalidInputs("Can't pass in duplicate product_ids: %.80q is given twice.", id)
		}
		seen[id] = true
	}
	return nil
}
