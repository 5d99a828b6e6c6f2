package v2

import (
	"context"
	"net/http"
	"strings"

	"windfall/shared/api"
)

// notSupported lists what official clients can ask for and is not offered here, each with
// what to use instead: an operation, or with a dot at its end a whole group.
var notSupported = map[string]string{
	"platform.":  "Purchases of app stores are not connected. Sell a plan with billing.attach, or add what was bought elsewhere with balances.create.",
	"licenses.":  "There are no licences. Create an entity for each seat with entities.create; the plan's seats are counted and billed with it.",
	"keys.":      "Keys are made by the company that runs this: `make key` makes and revokes them, and a publishable key is for what browsers ask.",
	"sandboxes.": "There is one sandbox: that of the keys that begin with am_sk_test_. `make dev` starts any number of others on a laptop.",
	"webhooks.":  "Windfall sends no webhooks. Stripe's say what was paid and what changed: add an endpoint of your own in Stripe's Dashboard, or read customers.get.",
	"logs.":      "Requests are logged to CloudWatch in the company's own AWS account. The history of one customer is GET /v1/customers/{customer_id}/audit.",

	"invoices.create":        otherInvoices,
	"invoices.insert":        otherInvoices,
	"invoices.pay":           otherInvoices,
	"invoices.void":          otherInvoices,
	"invoices.reissue":       otherInvoices,
	"invoices.listTemplates": otherInvoices,

	"invoices.finalize":          otherInvoices,
	"invoices.update":            otherInvoices,
	"invoices.issue_credit_note": otherInvoices,

	"billing.import":               "Subscriptions made elsewhere are not taken over. Create the customer with stripe_id, and give them their plan with billing.attach.",
	"billing.verify":               "Subscriptions are compared with Stripe's whenever Stripe reports a change. The alarm InvoiceMismatch tells of an invoice that differs, and GET /v1/customers/{customer_id}/audit says which.",
	"balances.track_tokens":        "Tokens of AI models have no prices here. Compute the credits and send them as the value of balances.track.",
	"customers.advance_test_clock": "Time can only be moved where Stripe is simulated: on a local stack (`make dev`) this call moves it for all customers.",
}

// transfer is the one path of the first generation that is not offered.
const transfer = "A product stays with the entity that it was bought for. Cancel it there with POST /v1/cancel, and attach it to the other entity with POST /v1/attach: both take entity_id."

const otherInvoices = "Invoices follow from plans and usage, and Stripe collects them. Make, pay, void or correct one in Stripe's Dashboard; invoices.list shows what became of it."

// WhyNotSupported says what to use instead of an operation that is not offered: "" for any
// other path.
func WhyNotSupported(path string) string {
	operation, rpc := strings.CutPrefix(path, "/v1/")
	if of, ends := strings.CutSuffix(operation, "/transfer"); ends && strings.HasPrefix(of, "customers/") {
		return transfer
	}
	if !rpc || strings.Contains(operation, "/") {
		return ""
	}
	group, _, dotted := strings.Cut(operation, ".")
	if instead := notSupported[operation]; instead != "" || !dotted {
		return instead
	}
	return notSupported[group+"."]
}

// NoRoute refuses a request that has no route, and says what to use instead where a
// client could have expected one.
func NoRoute(_ context.Context, req api.Request) (any, error) {
	path := req.URL.Path
	if instead := WhyNotSupported(path); instead != "" && req.Method == http.MethodPost { // clients ask for nothing else
		return nil, &api.Refusal{Status: http.StatusNotFound, Code: "not_supported", Message: strings.TrimPrefix(path, "/v1/") + " is not offered here. " + instead}
	}
	none := api.ErrRoute(req.Method, path)
	if strings.HasPrefix(path, "/v1/v1/") {
		none.Message += " /v1 stands twice in it: leave it out of the address that your client is given (serverURL)."
	}
	return nil, none
}
