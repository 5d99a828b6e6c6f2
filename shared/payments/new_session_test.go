package payments_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/pageparams"
)

const pageBody = `{"id":"cs_1","object":"checkout.session","url":"https://pay.test/cs_1","status":"open","expires_at":1780400000}`

func TestPageAsStripeIsTold(t *testing.T) {
	t.Parallel()
	fixedLine := billing.PriceLine{ItemID: "pr_base", StripeID: "price_base", Quantity: 1, Recurring: true}
	seats := billing.PriceLine{ItemID: "pr_seats", Quantity: 3, Adjust: true, Recurring: true}
	once := billing.PriceLine{ItemID: "pr_setup", StripeID: "price_setup", Quantity: 1}
	prices := map[string]string{"pr_seats": "price_seats"}
	for name, c := range map[string]struct {
		page billing.NewSession
		told map[string]string
	}{
		"a subscription": {billing.NewSession{Lines: []billing.PriceLine{fixedLine, once}, Recurring: true, SuccessURL: "https://app/ok"}, map[string]string{
			"mode": "subscription", "customer": "cus_1", "client_reference_id": "ada", "success_url": "https://app/ok", "allow_promotion_codes": "true",
			"line_items[0][price]": "price_base", "line_items[0][quantity]": "1", "line_items[0][adjustable_quantity][enabled]": "", "line_items[1][price]": "price_setup",
			"metadata[operation_id]": "op_1", "metadata[customer_id]": "ada", "metadata[internal_id]": "cus_int_ada", "metadata[product_ids]": "pro,seats",
			"metadata[env]": "sandbox", "subscription_data[metadata][operation_id]": "op_1", "invoice_creation[enabled]": "",
			"payment_intent_data[setup_future_usage]": "", "payment_method_collection": "", "expires_at": ""}},
		"a purchase": {billing.NewSession{Lines: []billing.PriceLine{once}, ExpiresAt: time.Unix(1780000000, 0)}, map[string]string{
			"mode": "payment", "success_url": "https://stripe.com", "invoice_creation[enabled]": "true", "invoice_creation[invoice_data][metadata][operation_id]": "op_1",
			"payment_intent_data[setup_future_usage]": "off_session", "payment_intent_data[metadata][operation_id]": "op_1", "subscription_data[metadata][operation_id]": "",
			"expires_at": "1780000000"}},
		"a trial in days": {billing.NewSession{Lines: []billing.PriceLine{fixedLine}, Recurring: true, TrialDays: 7}, map[string]string{
			"subscription_data[trial_period_days]": "7", "subscription_data[trial_end]": "", "payment_method_collection": "", "subscription_data[trial_settings][end_behavior][missing_payment_method]": ""}},
		"a trial to a date, card later": {billing.NewSession{Lines: []billing.PriceLine{fixedLine}, Recurring: true, TrialEnd: time.Unix(1781000000, 0), CardLater: true}, map[string]string{
			"subscription_data[trial_period_days]": "", "subscription_data[trial_end]": "1781000000", "payment_method_collection": "if_required",
			"subscription_data[trial_settings][end_behavior][missing_payment_method]": "cancel"}},
		"a quantity to choose beside something else": {billing.NewSession{Lines: []billing.PriceLine{fixedLine, seats}, Recurring: true}, map[string]string{
			"line_items[1][price]": "price_seats", "line_items[1][quantity]": "3", "line_items[1][adjustable_quantity][enabled]": "true",
			"line_items[1][adjustable_quantity][minimum]": "0", "line_items[1][adjustable_quantity][maximum]": "999999", "metadata[removable_items]": "pr_seats"}},
		"a quantity to choose alone": {billing.NewSession{Lines: []billing.PriceLine{seats}, Recurring: true}, map[string]string{
			"line_items[0][adjustable_quantity][minimum]": "1", "metadata[removable_items]": ""}},
		"a quantity too high to choose": {billing.NewSession{Lines: []billing.PriceLine{{ItemID: "pr_seats", Quantity: 1_000_000, Adjust: true}}}, map[string]string{
			"line_items[0][quantity]": "1000000", "line_items[0][adjustable_quantity][enabled]": ""}},
		"the caller's metadata": {billing.NewSession{Lines: []billing.PriceLine{once}, Metadata: map[string]string{"campaign": "may", "operation_id": "forged"}}, map[string]string{
			"metadata[campaign]": "may", "metadata[operation_id]": "op_1"}},
		"the caller's parameters": {billing.NewSession{Lines: []billing.PriceLine{fixedLine}, Recurring: true, Extra: map[string]string{
			"locale": "de", "allow_promotion_codes": "false", "metadata[a]": "b", "subscription_data[description]": "hello", "success_url": "https://other"}}, map[string]string{
			"locale": "de", "allow_promotion_codes": "false", "metadata[a]": "b", "metadata[operation_id]": "op_1", "subscription_data[metadata][internal_id]": "cus_int_ada",
			"subscription_data[description]": "hello", "success_url": "https://other"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := always(200, pageBody)
			r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "session", Session: &c.page}, billing.Results{CustomerID: "cus_1", Prices: prices})
			if err != nil || r.SessionID != "cs_1" || r.URL != "https://pay.test/cs_1" || r.SessionExpires.Unix() != 1780400000 {
				t.Fatalf("got %+v, %v", r, err)
			}
			want(t, rec.last().Params, c.told)
		})
	}
}

// Callers can't set the metadata that a page relies on.
func TestCallersCanNotSetWhatAPageNotes(t *testing.T) {
	t.Parallel()
	rec := always(200, pageBody)
	page := &billing.NewSession{Lines: []billing.PriceLine{{ItemID: "pr_a", Quantity: 1}, {ItemID: "pr_seats", Quantity: 3, Adjust: true}}, Recurring: true}
	prices := map[string]string{"pr_a": "price_a", "pr_seats": "price_seats"}
	if _, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "session", Session: page}, billing.Results{CustomerID: "cus_1", Prices: prices}); err != nil {
		t.Fatal(err)
	}
	noted := 0
	for name := range rec.last().Params {
		if key, ours := strings.CutPrefix(name, "metadata["); ours {
			if noted++; !slices.Contains(pageparams.OwnMetadata, strings.TrimSuffix(key, "]")) {
				t.Errorf("%s is missing in pageparams.OwnMetadata", name)
			}
		}
	}
	if noted != len(pageparams.OwnMetadata) {
		t.Errorf("a page notes %d of %v", noted, pageparams.OwnMetadata)
	}
}

// Every item that the customer may remove from the page must be in its
// metadata; items beyond its limit can't be removed.
func TestPageNotesAsManyRemovableItemsAsFit(t *testing.T) {
	t.Parallel()
	var lines []billing.PriceLine
	for _, letter := range strings.Split("abcdefghij", "") {
		lines = append(lines, billing.PriceLine{ItemID: "pr_" + strings.Repeat(letter, 60), StripeID: "price_1", Quantity: 1, Adjust: true, Recurring: true})
	}
	ref := ada
	ref.ProductIDs = nil
	for range 60 {
		ref.ProductIDs = append(ref.ProductIDs, "a_product_id")
	}
	rec := always(200, pageBody)
	step := billing.Step{Name: "session", Session: &billing.NewSession{Lines: lines, Recurring: true}}
	if _, err := over(rec).Perform(t.Context(), catalog.Sandbox, ref, step, billing.Results{}); err != nil {
		t.Fatal(err)
	}
	params := rec.last().Params
	noted := strings.Split(params.Get("metadata[removable_items]"), ",")
	if len(noted) != 7 || params.Get("line_items[6][adjustable_quantity][minimum]") != "0" || params.Get("line_items[7][adjustable_quantity][minimum]") != "1" {
		t.Errorf("noted %d: %v", len(noted), noted)
	}
	for name := range maps.Keys(params) {
		if strings.Contains(name, "metadata") && len(params.Get(name)) > 500 {
			t.Errorf("%s has %d characters", name, len(params.Get(name)))
		}
	}
}
