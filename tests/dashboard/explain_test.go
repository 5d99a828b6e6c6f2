package dashboard_test

import (
	"net/http"
	"slices"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// answersOf are the rules that an explanation shows, each with its answer.
func answersOf(p *dashboard.Page) (answers []string) {
	p.Helper()
	for _, row := range p.Table("Rules")[1:] {
		answers = append(answers, row[0]+": "+row[1])
	}
	return answers
}

// Of a code that does not exist, or that has lost its reward, nothing is said but that.
func TestPAGE11NothingIsSaidOfNoCode(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/customers", JSON{"id": "other"})
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "lost", "promo_codes": []JSON{{"code": "LOST"}, {"code": "OTHERS", "customer_id": "other", "minimum_amount": 30}}}))
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "kept", "promo_codes": []JSON{{"code": "HERS", "customer_id": "other"}}}))
	w.Call("DELETE", "/v1/rewards/lost", nil)
	exists, others := []string{"The code exists: No"}, []string{"The code exists: Yes", "It is for this customer: No"}
	for _, ask := range []struct {
		code, customer, product, said string
		want                          []string
	}{
		{"NOPE", "c", "", "The customer cannot use it. There is no code NOPE", exists},
		{"NOPE", "c", "premium", "The customer cannot use it. There is no code NOPE", exists},
		{"nope", "c", "pro", "The customer cannot use it. There is no code NOPE", exists},
		{"LOST", "c", "", "The customer cannot use it. There is no code LOST: it was never made, or its reward was deleted.", exists},
		{"OTHERS", "other", "premium", "The customer cannot use it. There is no code OTHERS: it was never made, or its reward was deleted.", exists},
		{"OTHERS", "c", "premium", "The customer cannot use it. There is no code OTHERS", exists},
		{"HERS", "c", "premium", "The customer cannot use it. The promotion code HERS is meant for another customer.", others},
	} {
		f := b.Get("/dashboard/codes/explain").Form("Explain code").Fill("Code", ask.code).Fill("Customer ID", ask.customer)
		if ask.product != "" {
			f.Choose("Product", ask.product)
		}
		p := f.Press("Explain").Says(ask.said)
		if got := answersOf(p); !slices.Equal(got, ask.want) {
			t.Errorf("%s: %q", ask.code, got)
		}
	}
}

// A purchase that is refused has no price that a code could lower: its refusal is said, with what the code itself allows.
func TestPAGE12ARefusedPurchaseHidesNoRule(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "TEN"}, {"code": "FIRST", "first_time_transaction": true, "minimum_amount": 30}}}))
	of := func(first string) []string {
		return []string{"The code exists: Yes", "Uses are left: Yes", "It is active and has not expired: Yes", "It is for this customer: Yes",
			"This customer may use it again: Yes", "It does not ask for a first purchase, or this is it: " + first, "It fits the customer's currency: Yes"}
	}
	for _, ask := range []struct {
		code, product, said string
		want                []string
	}{
		{"TEN", "pro", "The purchase itself is refused: Product \"pro\" is already attached to this customer.", of("Yes")},
		{"FIRST", "pro", "The customer cannot use it. The promotion code FIRST is for a first purchase, and this customer has bought before.", of("No")},
		{"TEN", "pro_prepaid", "The purchase itself is refused: ", of("Yes")},
	} {
		p := b.Get("/dashboard/codes/explain").Form("Explain code").Fill("Code", ask.code).Fill("Customer ID", "c").Choose("Product", ask.product).Press("Explain")
		p.Says(ask.said, "The purchase itself is refused: ").SaysNot("The customer can use it.")
		if got := answersOf(p); !slices.Equal(got, ask.want) {
			t.Errorf("%s with %s: %q", ask.code, ask.product, got)
		}
	}
	for range 20 {
		b.Get("/dashboard/codes/explain").Form("Explain code").Fill("Code", "NOPE").Fill("Customer ID", "c").Choose("Product", "pro").Press("Explain").Says("There is no code NOPE")
	}
	b.Get("/dashboard/codes/explain").Form("Explain code").Fill("Code", "TEN").Fill("Customer ID", "c").Choose("Product", "pro").Press("Explain").Refused(http.StatusTooManyRequests, "codes")
}
