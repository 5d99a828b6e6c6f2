package v2

import (
	"context"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/refusal"
)

// dialect is what a function serves in this dialect.
func dialect(routes ...api.Route) api.Dialect {
	return api.Dialect{Second: true, Words: spell, Routes: routes}
}

// A handler answers a request.
type handler = func(context.Context, api.Request) (any, error)

// reads is a call that changes nothing. elsewhere is the route for the same in the
// first dialect.
func reads(pattern, elsewhere string, handle handler) api.Route {
	return api.Route{Pattern: pattern, Access: api.Secret, Handle: handle, Elsewhere: elsewhere}
}

// changes is a call that changes something, and honours Idempotency-Key.
func changes(pattern, elsewhere string, handle handler) api.Route {
	return api.Route{Pattern: pattern, Access: api.Secret, Handle: handle, Replays: true, Elsewhere: elsewhere}
}

// renamed has the names of this dialect for fields and routes that refusals name.
var renamed = strings.NewReplacer(
	"POST /v1/features/%s {", `POST /v1/features.update {"feature_id": "%s", `, "`id` or `email`", "`customer_id` or `email`",
	"free_product_id", "free_product_id", "product_ids", "plan_ids", "product_id", "plan_id", "is_add_on", "add_on", "is_default", "auto_enable",
	"discount_config.duration_type", "coupon.duration.type", "discount_value", "coupon.value", "duration_value", "coupon.duration.length", "duration_type", "coupon.duration.type",
	"when: ", "redeem_on: ", "reward program", "referral program", "Reward program", "Referral program",
	" in options", " in feature_quantities", "options: feature", "feature_quantities: feature", "neither a publishable key nor force_checkout", "neither a publishable key nor redirect_mode always",
	"pass in invoice: true", "use invoice_mode", "is_custom", "customize", "free_trial: false", "free_trial: null", "included_usage", "included", "usage_model", "billing_method",
	"Products ", "Plans ", "Product ", "Plan ", " product", " plan")

// spell is the api.Words of this dialect.
func spell(e *refusal.Error) (code, message string) { return words.In(e, renamed.Replace) }

// list is the envelope of every collection without pages.
type list[T any] struct {
	List []T `json:"list"`
}

// succeeded is the answer to what has nothing else to tell.
var succeeded = map[string]bool{"success": true}
