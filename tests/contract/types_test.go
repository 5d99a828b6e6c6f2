package contract

// A use says which schemas a Go type is, and whether it is read or written.
type use struct {
	schema string
	read   bool // a request
}

func in(schemas ...string) (out []use) {
	for _, s := range schemas {
		out = append(out, use{s, true})
	}
	return out
}

func out(schemas ...string) (out []use) {
	for _, s := range schemas {
		out = append(out, use{s, false})
	}
	return out
}

func both(request, answer string) []use { return []use{{request, true}, {answer, false}} }

// uses has every type with JSON fields of the dialects, but for those that are
// embedded in others.
var uses = map[string]map[string][]use{
	"v1": {
		"attachRequest": in("AttachFields"), "oneProduct": in("ProductChoice"), "option": in("Option"),
		"cancelRequest": in("CancelFields"), "setupRequest": in("SetupFields"), "portalRequest": in("PortalFields"),
		"attachResponse": out("Attached"), "previewResponse": out("AttachPreview"), "dueNow": out("DueNow"), "dueNext": out("DueNext"), "dueLine": out("DueLine"),
		"takenJSON": out("TakenOff"), "optionJSON": out("ChosenOption"), "checkoutResponse": out("Checkout"), "checkoutLine": out("CheckoutLine"),
		"nextCycle": out("NextCycle"), "cancelResponse": out("Cancelled"), "pageResponse": out("Page"),

		"checkRequest": in("CheckFields"), "trackRequest": in("TrackFields"), "batchEvent": in("BatchEvent"), "usageRequest": in("UsageFields"),
		"balancesRequest": in("BalancesFields"), "balanceSetJSON": in("BalanceFields"), "listRequest": in("EventQuery"), "reportRequest": in("ReportQuery", "ReportFields"),
		"checkResponse": out("FeatureAccess"), "creditShareJSON": out("CreditRate"), "paywallJSON": out("Paywall"), "productCheckResponse": out("ProductAccess"),
		"offerJSON": out("Offer"), "offerItem": out("OfferItem"), "offerDue": out("OfferDue"), "trackResponse": out("Tracked"), "featureCounted": out("FeatureTracked"),
		"batchResponse": out("BatchTracked"), "notRecordedJSON": out("NotRecorded"), "batchDroppedJSON": out("BatchDropped"), "usageResponse": out("UsageSet"),
		"eventsJSON": out("EventPage"), "eventJSON": out("UsageEvent"), "aggregateJSON": out("UsageReport"), "binJSON": out("UsageBin"), "totalJSON": out("UsageTotal"),

		"customerRequest": in("NewCustomer", "CustomerChanges"),
		"customerJSON":    out("Customer"), "heldJSON": out("CustomerProduct"), "breakdownJSON": out("BalancePart"), "featureUse": out("FeatureUse"), "invoiceJSON": out("Invoice"),
		"trialJSON": out("TrialUsed"), "customerPage": out("CustomerPage"), "auditPage": out("AuditPage"), "auditJSON": out("AuditEntry"), "changeJSON": out("AuditChange"),
		"auditLine": out("AuditLine"), "successResponse": out("Success"),

		"featureRequest": in("FeatureFields"), "featureConfigJSON": in("FeatureConfig"), "countingJSON": in("FeatureAggregate"), "filterJSON": in("FeatureFilter"),
		"creditJSON": in("CreditCost"), "displayJSON": both("FeatureDisplay", "Display"), "featureJSON": out("Feature"), "list": out("FeatureList", "ProductList", "PricingTable"),
		"tableProduct": out("PricedProduct"), "tableItem": out("PricedItem"), "tableText": out("ShownText"), "displayedItem": out("DisplayedItem"),
		"productRequest": in("ProductFields"), "itemJSON": both("ItemFields", "Item"), "tierJSON": both("TierFields", "Tier"), "itemConfigJSON": both("ItemConfig", "SeatConfig"),
		"freeTrialJSON": both("FreeTrialFields", "FreeTrial"), "productJSON": out("Product"), "productPropertiesJSON": out("ProductProperties"),

		"rewardRequest": in("RewardFields"), "discountRequest": in("DiscountFields"), "promoCodeRequest": in("PromoCodeFields"), "codeRestrictions": in("Restrictions"),
		"listedCodeRequest": in("ListedCodeFields"), "codeRequest": in("RedeemFields"), "redeemRequest": in("RedeemReferralFields"), "giveRequest": in("GiveFields"), "explainRequest": in("ExplainFields"),
		"rewardJSON": out("Reward"), "freeConfigJSON": out("FreePeriodsOf"), "catalogPage": out("RewardPage", "PromoCodePage", "ProgramPage"),
		"promoCodeJSON": out("PromoCode"), "restrictionsJSON": out("RestrictionsOf"), "codeRedemptionJSON": out("CodeRedeemed"), "grantedJSON": out("Granted"),
		"givenRewardJSON": out("GivenReward"), "givenProductJSON": out("GivenProduct"),
		"explanationJSON": out("Explanation"), "refusalJSON": out("Refusal"), "ruleJSON": out("RuleAnswer"),

		"programRequest": in("ProgramFields"), "guardJSON": both("GuardFields", "Guard"), "referralCodeRequest": in("ReferralCodeFields"), "rejectRequest": in("RejectFields"),
		"programJSON": out("Program"), "statsJSON": out("ProgramStats"), "referralCodeJSON": out("ReferralCode"), "redeemedJSON": out("Redeemed"), "personJSON": out("Person"),
		"redemptionsJSON": out("RedemptionPage"), "redemptionJSON": out("Redemption"),
		"settingsJSON": out("Settings"), "createBalanceRequest": in("NewBalanceFields"),
		"entityRequest": in("NewEntity"), "listedEntityJSON": out("ListedEntity"), "entityJSON": out("Entity"),
	},
	"fields": {
		"CustomerData": in("CustomerData", "CustomerDataOpen"), "Address": append(both("Address", "SavedAddress"), in("AddressOpen")...), "Credits": out("Credits"), "creditsEntryJSON": out("CreditsEntry"),
		"Rewards": out("CustomerRewards"), "Running": out("RunningDiscount"), "Discount": out("Discount"), "Referral": out("Referral"),
		"RedeemedCode": out("RedeemedCode"), "Contact": out("Contact"), "Span": in("Span", "SpanFields"),
		"Granted": both("GrantFields", "Grant"), "Expiry": both("ExpiryFields", "Expiry"), "organizationJSON": out("Organization"),
		"NamedReward": in("DiscountChoice"), "Reset": in("ResetFields"), "EntityData": in("EntityData", "EntityDataOpen"),
	},
	"v2": {
		"checkRequest": in("CheckFieldsV2"), "trackRequest": in("TrackFieldsV2"), "checkResponse": out("Access"), "trackResponse": out("TrackedV2"), "countedJSON": out("Counted"),
		"balanceJSON": out("Balance"), "breakdownJSON": out("BalanceSource"), "resetJSON": out("Reset"), "rolloverJSON": out("Rollover"), "flagJSON": out("Flag"),
		"priceJSON": out("UnitPrice"), "tierJSON": out("UnitTier"),

		"customerRequest": in("NewCustomerV2"), "customerChange": in("CustomerChangesV2"), "listRequest": in("CustomerListQuery"),
		"customerJSON": out("CustomerV2"), "subscriptionJSON": out("Subscription"), "purchaseJSON": out("Purchase"), "processorsJSON": out("Processors"),
		"invoiceJSON": out("InvoiceV2"), "trialJSON": out("TrialUsedV2"), "cursorPage": out("CustomerCursorPage", "EventCursorPage", "InvoiceCursorPage", "EntityPage"), "offsetPage": out("CustomerOffsetPage", "EventOffsetPage", "InvoiceOffsetPage"),
		"eventsRequest": in("EventListQuery", "EventListQueryOfPath"), "eventJSON": out("UsageEventV2"), "invoicesRequest": in("InvoiceQuery"), "listedInvoiceJSON": out("ListedInvoice"),
		"setupRequest": in("SetupFieldsV2"), "pageResponse": out("PageV2"),

		"listPlansRequest": in("PlanListQuery"), "planRequest": in("PlanFields"), "basePriceJSON": both("BasePriceFields", "BasePrice"), "amountIn": both("AmountInFields", "AmountIn"),
		"planItemRequest": in("PlanItemFields"), "planResetJSON": both("PlanResetFields", "PlanReset"), "prorationJSON": both("ProrationFields", "Proration"),
		"itemPriceRequest": in("ItemPriceFields"), "planTierJSON": both("PlanTierFields", "PlanTier"), "planTrialJSON": both("PlanTrialFields", "PlanTrial"),
		"catalogRequest": in("Configuration"), "configuredPlan": in("ConfiguredPlan"), "planJSON": out("Plan"), "planConfigJSON": out("PlanConfig"),
		"eligibilityJSON": out("Eligibility"), "planItemJSON": out("PlanItem"), "itemPriceJSON": out("ItemPrice"), "catalogChangesJSON": out("CatalogChanges"),
		"resourceChangeJSON": out("ResourceChange"), "featureChangeJSON": out("FeatureChange"), "planChangeJSON": out("PlanChange"), "priceChangeJSON": out("PriceChange"),
		"itemChangeJSON": out("ItemChange"), "catalogJSON": out("Catalog"),

		"rewardRequest": in("RewardFieldsV2"), "couponRequest": in("CouponFields"), "durationJSON": both("DurationFields", "Duration"), "couponCodeIn": in("CouponCodeFields"),
		"grantRequest": in("FeatureGrantFields"), "grantCodeJSON": both("GrantCodeFields", "GrantCode"), "rewardChange": in("RewardChangesV2"),
		"rewardJSON": out("RewardV2"), "couponJSON": out("Coupon"), "couponCodeJSON": out("CouponCode"), "featureGrantJSON": out("FeatureGrant"), "freePlanJSON": out("FreePlan"),
		"rewardsJSON": out("RewardList"), "redeemedJSON": out("CodeRedeemedV2"), "grantedJSON": out("Granted"), "newProgram": in("ProgramFieldsV2"), "programJSON": out("ProgramV2"),

		"attachRequest": in("AttachFieldsV2"), "multiAttachRequest": in("MultiAttachFields"), "planOfSeveral": in("PlanOfSeveral"), "updateRequest": in("UpdateFields"),
		"multiUpdateRequest": in("MultiUpdateFields"), "planUpdate": in("PlanUpdate"), "scheduleRequest": in("ScheduleFields"), "phaseRequest": in("PhaseFields"), "phaseOffset": in("PhaseOffset"),
		"featureQuantity": in("FeatureQuantity"), "invoiceMode": in("InvoiceMode"), "trialRequest": in("TrialTerms"), "customizeRequest": in("Customize"), "itemFilter": in("ItemFilter"),
		"billingJSON": out("PlanChanged"), "chargeJSON": out("Charge"), "requiredAction": out("RequiredAction"), "scheduleJSON": out("Schedule"), "phaseJSON": out("Phase"),
		"previewAttachJSON": out("AttachPreviewV2"), "previewUpdateJSON": out("UpdatePreview"), "previewMultiUpdateJSON": out("MultiUpdatePreview"), "previewOfSeveral": out("PreviewOfSeveral"),
		"lineJSON": out("PreviewLine"), "amountOff": out("AmountOff"), "nextCycleJSON": out("NextCycleV2"), "usageLineJSON": out("UsageLine"), "changeJSON": out("PlanAffected"),
		"quantityOfChange": out("PlanQuantity"), "creditsPayJSON": out("CreditsUsed"),

		"listPlansHeld": in("HeldQuery"), "wantedPlan": in("WantedPlan"), "timeRange": in("TimeRange"), "controlsField": in("BillingControls"), "configField": in("CustomerConfig"), "planConfigField": in("PlanConfigFields"),
		"listedSubscription": out("ListedSubscription"), "listedPurchase": out("ListedPurchase"), "heldPage": out("SubscriptionPage", "PurchasePage"),

		"lockJSON": in("Lock"), "createBalance": in("BalanceCreation"), "updateBalance": in("BalanceChanges"), "listBalances": in("BalanceListQuery"), "listedBalance": out("ListedBalance"), "amountsJSON": out("BalanceSet"),
		"namedEntity": in("EntityNamed"), "listedEntityJSON": out("ListedEntity"), "entityJSON": out("EntityV2"),

		"featureRequest": in("FeatureFieldsV2"), "creditShare": in("CreditCostV2"), "displayJSON": both("FeatureDisplay", "Display"), "featureJSON": out("FeatureV2"),
		"creditCostJSON": out("CreditShare"), "list": out("FeatureListV2", "PlanList", "ProgramList"),
	},
}

// untyped has the schemas that are no type with fields, and what they are.
var untyped = map[string]string{
	"Error":               "api.errorBody",
	"ErrorCode":           "see codes_test.go",
	"Prices":              "a map by currency",
	"UsageChart":          "a map",
	"SettingsChanges":     "a map, with the fields of Settings",
	"PromoCodeChanges":    "a type within its handler",
	"FreePeriods":         "a type within the method that reads it",
	"NoFields":            "struct{}",
	"RewardDeleted":       "a map",
	"Received":            "a map",
	"CustomerQuery":       "a type within its handler",
	"CustomerDeletion":    "a type within its handler",
	"FeatureQuery":        "a type within its handler",
	"PlanQuery":           "a type within its handler",
	"PlanDeletion":        "a type within its handler",
	"RewardQuery":         "a type within its handler",
	"CouponChanges":       "a type within rewardChange",
	"FeatureGrantChanges": "a type within rewardChange",
	"ProgramQuery":        "a type within its handler",
	"ProgramChanges":      "a type within its handler",
	"PortalFieldsV2":      "a type within its handler",
	"ClockFields":         "control.testClock",
	"Clock":               "control.testClockAnswer",
	"BalanceDeletion":     "a type within its handler",
	"LockEnding":          "a type within its handler",
	"BalanceList":         "a map",
	"BalanceCreated":      "a type within its handler",
	"NewEntityV2":         "a type within its handler",
	"EntityQuery":         "a type within its handler",
	"EntityChanges":       "a type within its handler",
	"EntityListQuery":     "a type within its handler",
	"EntityList":          "a map",
	"Velocity":            "catalog.Velocity",
	"VelocityFields":      "catalog.Velocity",
}

// notAnswered are fields of types in both directions that only requests have.
var notAnswered = map[string][]string{"Item": {"feature", "quantity", "next_cycle_quantity", "tier_behavior", "reset_usage_on_billing"},
	"PricedItem": {"feature", "quantity", "next_cycle_quantity", "tier_behavior", "reset_usage_on_billing"}, "SeatConfig": {"rollover"},
	"BasePrice": {"processors", "display"}, "AmountIn": {"flat_amount"}, "PlanTier": {"flat_amount"}}

// otherValues are values of a field beyond the constants of its type ("+static"),
// and constants that it never has ("-boolean").
var otherValues = map[string][]string{
	"FeatureUse.type": {"+static", "-boolean", "-metered"},                                                           // its name in the SDKs
	"Coupon.type":     {"-free_product", "-feature_grant"}, "CouponFields.type": {"-free_product", "-feature_grant"}, // those are no coupons
	"AttachPreview.branch": {"-discount", "-discount_void", "-cancel_end_of_cycle", "-cancel_immediately", "-cancel_scheduled", "-delete", "-discount_taken_off", "-referrer", "-redeemer", "-reward_reversed", "-unchanged"}, // of no attach
}

// open are types of which any text may come.
var open = map[string]bool{"money.Currency": true}
