package v2

import "windfall/shared/api/fields"

// controlsField has the billing controls of a customer, an entity or a plan. What they would
// limit or allow is part of plans here, or asked for.
type controlsField struct {
	Topups    fields.Unset `json:"auto_topups" instead:"a customer is charged when the application asks. Attach a one-off plan with billing.attach when balances.check says that too little is left."`
	Spend     fields.Unset `json:"spend_limits" instead:"what may be used beyond the allowance is a limit of the plan. Use max_purchase of the item's price, for one customer in customize of billing.attach or billing.update."`
	Usage     fields.Unset `json:"usage_limits" instead:"how much may be used is a limit of the plan. Use included of an item without a price, or max_purchase of its price, for one customer in customize of billing.attach or billing.update."`
	Alerts    fields.Unset `json:"usage_alerts" instead:"nothing is sent when a balance runs low. Every answer of balances.track and balances.check has the balance."`
	Overage   fields.Unset `json:"overage_allowed" instead:"whether more may be used than is included is part of the plan. Give the item a price with billing_method usage_based, for one customer in customize of billing.attach or billing.update."`
	Allocated fields.Unset `json:"balance_allocations" instead:"an entity has what an item with entity_feature_id grants to each, and what it is attached."`
}

// configField has what a customer may have otherwise than others.
type configField struct {
	Pooled  fields.Unset `json:"disable_pooled_balance" instead:"an entity uses its own balances, and then those of its customer. Grant features to entities alone, with entity_feature_id in the items of the plan."`
	Overage fields.Unset `json:"disable_overage_billing" instead:"use beyond the allowance is billed as the plan says. Use customize of billing.attach or billing.update for a plan of this customer without a price for it."`
}

// planConfigField has what a plan may have otherwise than others.
type planConfigField struct {
	PastDue fields.Unset `json:"ignore_past_due" instead:"whether a customer who is past due keeps access is one setting for all plans: keep_access_when_past_due of PATCH /v1/settings."`
}
