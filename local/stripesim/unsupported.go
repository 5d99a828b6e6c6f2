package stripesim

import "strings"

// notHere are parameters that Stripe takes and this simulator does not. They
// are refused, never ignored: silence would be wrong money. Their message says
// that the simulator is to blame.
var notHere = func() map[string]bool {
	out := map[string]bool{}
	for _, name := range strings.Fields(`account_tax_ids after_expiration application_fee_amount application_fee_percent backdate_start_date
		billing_cycle_anchor_config billing_thresholds cash_balance consent_collection currency_options custom_fields custom_text custom_unit_amount
		customer_details default_source default_tax_rates dynamic_tax_rates flow_data from_invoice invoice_settings issuer mandate mandate_data
		networks number on_behalf_of payment_method_configuration payment_method_data payment_method_options pending_invoice_item_interval
		radar_options redirect_on_completion rendering rendering_options return_url reverse_transfer saved_payment_method_options
		shipping_address_collection shipping_cost shipping_details shipping_options source tax tax_amounts tax_id_collection tax_id_data tax_rates
		transfer_data trial_period_days use_stripe_sdk`) {
		out[name] = true
	}
	return out
}()

func unsupported(e *apiError) *apiError {
	name := e.body.Param
	if i := strings.LastIndexByte(name, '['); i >= 0 {
		name = strings.TrimSuffix(name[i+1:], "]")
	}
	if e.body.Code == "parameter_unknown" && notHere[name] {
		e.body.Message += " (Stripe knows it, but it is not part of this simulator)"
	}
	return e
}
