package stripesim

import (
	"net/http"
	"strings"

	"windfall/local/stripesim/form"
)

// route is one endpoint: what it accepts and what it does.
type route struct {
	schema *form.Schema
	handle func(*call) (any, error)
}

// ServeHTTP is never called: the mux is only asked which route matches.
func (*route) ServeHTTP(http.ResponseWriter, *http.Request) {}

// endpoint is a line of the tables in the files of the objects.
type endpoint struct {
	pattern string // "POST /v1/customers/{id}"
	schema  string // see package form; expand is always accepted
	handle  func(*call) (any, error)
}

const pageParams = " limit:i starting_after ending_before"

// endpoints are all tables.
func endpoints() [][]endpoint {
	return [][]endpoint{
		customerRoutes, balanceRoutes, paymentMethodRoutes, setupIntentRoutes, paymentIntentRoutes,
		chargeRoutes, refundRoutes, disputeRoutes, productRoutes, priceRoutes, couponRoutes, promotionRoutes,
		subscriptionRoutes, subscriptionItemRoutes, invoiceRoutes, invoiceItemRoutes, checkoutRoutes,
		eventRoutes, webhookRoutes, testClockRoutes, scheduleRoutes, creditNoteRoutes, portalRoutes, accountRoutes,
	}
}

// routes are all endpoints, by method and path.
var routes = func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, table := range endpoints() {
		for _, e := range table {
			mux.Handle(e.pattern, &route{schema: form.Compile(e.schema + " expand:[s]"), handle: e.handle})
		}
	}
	return mux
}()

// segment is the part of path that stands where pattern has the wildcard.
func segment(pattern, path, wildcard string) string {
	_, pattern, _ = strings.Cut(pattern, " ")
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, w := range want {
		if w == wildcard && i < len(have) {
			return have[i]
		}
	}
	return ""
}
