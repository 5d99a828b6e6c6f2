package stripesim

import (
	"fmt"
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
)

// apiError is an answer that is not 200.
type apiError struct {
	status int
	body   object.APIError
	// keep is set when the request failed but left traces: a declined charge
	// is remembered although its answer is 402.
	keep bool
}

func (e *apiError) Error() string { return e.body.Message }

const docs = "https://stripe.com/docs/error-codes/"

func newError(status int, kind, code, param, message string) *apiError {
	e := &apiError{status: status, body: object.APIError{Type: kind, Code: code, Param: param, Message: message}}
	if code != "" {
		e.body.DocURL = docs + strings.ReplaceAll(code, "_", "-")
	}
	return e
}

// invalid is Stripe's 400 about one parameter.
func invalid(param, format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, "invalid_request_error", "", param, fmt.Sprintf(format, args...))
}

// invalidCode is a 400 with a code that programs can act on.
func invalidCode(code, param, format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, "invalid_request_error", code, param, fmt.Sprintf(format, args...))
}

// missing is what Stripe says about an id it does not know: 404 when the id is
// the address, 400 when it is a parameter.
func missing(what, id, param string) *apiError {
	status := http.StatusBadRequest
	if param == "id" {
		status = http.StatusNotFound
	}
	return newError(status, "invalid_request_error", "resource_missing", param, fmt.Sprintf("No such %s: '%s'", what, id))
}

// notHere are parameters that Stripe takes and this simulator does not. They
// are refused, never ignored: silence would be wrong money. Their message says
// that the simulator is to blame.
var notHere = func() map[string]bool {
	out := map[string]bool{}
	for _, name := range strings.Fields(`account_tax_ids after_expiration application_fee_amount application_fee_percent backdate_start_date
		billing_thresholds cash_balance consent_collection currency_options custom_fields custom_text custom_unit_amount
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
