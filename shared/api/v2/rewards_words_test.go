package v2

import (
	"strings"
	"testing"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A refusal of a reward or a program names the fields of this dialect.
func TestRefusalsOfRewardsNameTheFieldsOfThisDialect(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		of   *refusal.Error
		says string
	}{
		{refusal.Invalid(catalog.ReasonDiscountNotPositive), "coupon.value must be above 0."},
		{refusal.Invalid(catalog.ReasonDiscountMonths, 600), "coupon.duration.length must be from 1 to 600 months."},
		{refusal.Invalid(catalog.ReasonDiscountDurationUnknown, "a", "b", "c"), "coupon.duration.type: expected one of a, b, c."},
		{refusal.Invalid(catalog.ReasonDiscountProductUnknown, "product_ids"), `plan_ids: there is no plan "product_ids".`}, // what a caller sent stays
		{refusal.Invalid(catalog.ReasonProgramTrigger, "a", "b"), "redeem_on: expected a or b."},
		{refusal.NotFound(catalog.ReasonProgramNotFound, "p"), `Referral program "p" was not found.`},
		{refusal.Invalid(catalog.ReasonGrantNotPositive, "f"), `A grant of feature "f" must include more than 0.`},
	} {
		if _, message := spell(e.of); message != e.says {
			t.Errorf("%s, want %s", message, e.says)
		}
	}
	if _, message := spell(refusal.Invalid(catalog.ReasonProgramProductsAtSignUp, "a", "b")); strings.Contains(message, "product_ids") {
		t.Error(message)
	}
}
