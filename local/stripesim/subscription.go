package stripesim

import (
	"slices"

	"windfall/local/stripesim/object"
)

const addInvoiceItems = "add_invoice_items:[{price " + oneTimePriceData + " quantity:i}]"

const trialSettings = "trial_settings:{end_behavior!:{missing_payment_method!:(cancel,create_invoice,pause)}}"

const paymentBehavior = "payment_behavior:(allow_incomplete,default_incomplete,error_if_incomplete,pending_if_incomplete)"

const prorationBehavior = "proration_behavior:(always_invoice,create_prorations,none)"

const cancellationDetails = "cancellation_details:{comment feedback:(customer_service,low_quality,missing_features,other,switched_service,too_complex,too_expensive,unused)}"

// subscriptionParams are what create and update have in common.
const subscriptionParams = addInvoiceItems + " " + trialSettings + " " + paymentBehavior + " " + prorationBehavior + ` cancel_at:t cancel_at_period_end:b
	collection_method:(charge_automatically,send_invoice) coupon days_until_due:i default_payment_method description metadata:m off_session:b
	payment_settings:{payment_method_types:[s] save_default_payment_method:(off,on_subscription)} promotion_code trial_end:tn trial_from_plan:b
	default_tax_rates:[s] ` + taxParams

var subscriptionRoutes = []endpoint{
	{"POST /v1/subscriptions", "customer! currency items:[{metadata:m price " + recurringPriceData + " quantity:i}] billing_cycle_anchor:t billing_cycle_anchor_config:{day_of_month!:i hour:i minute:i month:i second:i} trial_period_days:i " + subscriptionParams, createSubscription},
	{"GET /v1/subscriptions", "collection_method:(charge_automatically,send_invoice) created:r current_period_end:r current_period_start:r customer price status:(active,all,canceled,ended,incomplete,incomplete_expired,past_due,paused,trialing,unpaid) test_clock" + pageParams, listSubscriptions},
	{"GET /v1/subscriptions/{id}", "", getSubscription},
	{"POST /v1/subscriptions/{id}", cancellationDetails + " billing_cycle_anchor:(now,unchanged) items:[{clear_usage:b deleted:b id metadata:m price " + recurringPriceData + " quantity:i}] pause_collection:{behavior!:(keep_as_draft,mark_uncollectible,void) resumes_at:t} proration_date:t " + subscriptionParams, updateSubscription},
	{"DELETE /v1/subscriptions/{id}", cancellationDetails + " invoice_now:b prorate:b", cancelSubscription},
	{"POST /v1/subscriptions/{id}/resume", "billing_cycle_anchor:(now,unchanged) proration_date:t " + prorationBehavior, resumeSubscription},
	{"DELETE /v1/subscriptions/{id}/discount", "", deleteSubscriptionDiscount},
}

// subscription is a subscription that a request names; its clock becomes the time.
func (t *tx) subscription(id, param string) (*object.Subscription, error) {
	sub, err := need[*object.Subscription](t, "subscription", id, param)
	if err != nil {
		return nil, err
	}
	t.livesOn(string(sub.TestClock))
	return sub, nil
}

func ended(sub *object.Subscription) bool {
	return sub.Status == "canceled" || sub.Status == "incomplete_expired"
}

// openSubscriptions are those of a customer that have not ended, newest first.
func (t *tx) openSubscriptions(customer string) []*object.Subscription {
	var out []*object.Subscription
	for _, sub := range slices.Backward(ownedBy[*object.Subscription](t, customer)) {
		if !ended(sub) {
			out = append(out, sub)
		}
	}
	return out
}

func getSubscription(c *call) (any, error) { return c.subscription(c.id, "id") }

func listSubscriptions(c *call) (any, error) {
	if who := c.p.Str("customer"); who != "" {
		if _, err := need[*object.Customer](c.tx, "customer", who, "customer"); err != nil {
			return nil, err
		}
	}
	return pageNewest(c, candidates[*object.Subscription](c, "customer"), func(o *object.Subscription) bool {
		return statusWanted(c.p.Str("status"), o) && c.p.InRange("created", o.Created) &&
			c.p.InRange("current_period_end", o.CurrentPeriodEnd) && c.p.InRange("current_period_start", o.CurrentPeriodStart) &&
			(!c.p.Given("collection_method") || o.CollectionMethod == c.p.Str("collection_method")) &&
			(!c.p.Given("test_clock") || string(o.TestClock) == c.p.Str("test_clock")) &&
			(!c.p.Given("price") || slices.ContainsFunc(o.Items.Data, func(i *object.SubscriptionItem) bool { return i.Price.ID == c.p.Str("price") }))
	})
}

// statusWanted: without a status, everything that is not canceled.
func statusWanted(status string, o *object.Subscription) bool {
	switch status {
	case "":
		return o.Status != "canceled"
	case "all":
		return true
	case "ended":
		return ended(o)
	}
	return o.Status == status
}

func deleteSubscriptionDiscount(c *call) (any, error) {
	old, err := c.subscription(c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Discount == nil {
		return nil, newError(404, "invalid_request_error", "resource_missing", "", "No active discount for subscription: "+c.id)
	}
	sub := edit[*object.Subscription](c.tx, c.id)
	gone := object.DeletedDiscount(sub.Discount)
	c.emit("customer.discount.deleted", sub.Discount)
	sub.Discount = nil
	c.emit("customer.subscription.updated", sub)
	return gone, nil
}
