package v1

import "windfall/shared/api"

// asSold refuses terms in a call with a publishable key, which may only open a
// page for a product as it is sold.
func (in attachRequest) asSold() error {
	for _, term := range []struct {
		field  string
		chosen bool
	}{
		{"checkout_session_params", len(in.SessionParams) > 0},
		{"metadata", len(in.Metadata) > 0},
		{"is_custom", in.IsCustom},
		{"items", in.Items != nil},
		{"free_trial", in.FreeTrial.none || in.FreeTrial.own != nil},
		{"version", in.Version != 0},
		{"plan_schedule", in.PlanSchedule != ""},
		{"billing_cycle_anchor", len(in.CycleAnchor) > 0 && string(in.CycleAnchor) != "null"},
		{"new_billing_subscription", in.OwnBilling},
		{"invoice", in.Invoice},
		{"invoice_only", in.InvoiceOnly},
		{"reward", len(in.Reward) > 0},
		{"promo_code", in.PromoCode != ""},
		{"promotion_code", in.PromotionCode != ""},
		{"discounts", len(in.Discounts) > 0},
		{"finalize_invoice", in.Finalize != nil},
		{"automatic_tax", in.AutomaticTax != nil},
		{"currency", in.Currency != ""},
		{"customer_data.currency", in.CustomerData != nil && in.CustomerData.Currency != ""},
		{"customer_data.metadata", in.CustomerData != nil && len(in.CustomerData.Metadata) > 0},
	} {
		if term.chosen {
			return api.InvalidInputs("%s: a publishable key can't set it, as it opens a page for a product as it is sold. Leave it out, or attach with a secret key.", term.field)
		}
	}
	return nil
}
