package payments_test

import (
	"strings"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// Credits are posted, and pay, in the currency in which they were given.
func TestCreditsAreInTheirCurrency(t *testing.T) {
	t.Parallel()
	for given, want := range map[money.Currency]string{"eur": "eur", "usd": "usd", "jpy": "jpy"} {
		posts := always(200, `{"id":"cbtxn_1","object":"customer_balance_transaction","data":[]}`)
		step := billing.Step{Name: "balance", Balance: &billing.PostCredits{Posts: []credit.Post{{Key: "grant:cg_1", Kind: credit.Granting, GrantID: "cg_1", Amount: -500, Currency: given, Since: start}}}}
		if _, err := over(posts).Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{CustomerID: "cus_1"}); err != nil {
			t.Fatal(err)
		}
		if got := posts.seen[0].Params.Get("currency"); got != want {
			t.Errorf("%q is posted in %q", given, got)
		}
		lines := always(200, `{"id":"ii_1","object":"invoiceitem"}`)
		use := billing.PayByCredits(credit.Use{GrantID: "cg_1", Currency: given, ItemID: "pr_words", Amount: 500}, "in_1", "in_1", start, given)
		if _, err := over(lines).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "use", Usage: &use}, billing.Results{CustomerID: "cus_1"}); err != nil {
			t.Fatal(err)
		}
		if got := lines.last().Params; got.Get("currency") != want || got.Get("amount") != "-500" {
			t.Errorf("%q pays by %v", given, got)
		}
	}
}

// A customer is lost where Stripe says that they were deleted, and not where it knows
// no such customer.
func TestWhoIsLostWithTheirBalance(t *testing.T) {
	t.Parallel()
	const unknown = `{"error":{"type":"invalid_request_error","code":"resource_missing","param":"customer","message":"No such customer"}}`
	step := billing.Step{Name: "balance", Balance: &billing.PostCredits{Posts: []credit.Post{{Key: "grant:cg_1", Kind: credit.Granting, GrantID: "cg_1", Amount: -500}}}}
	for name, tt := range map[string]struct {
		customer answer
		id       string
		unknown  bool
	}{
		"deleted":   {answer{status: 200, body: `{"id":"cus_1","object":"customer","deleted":true}`}, "", false},
		"not known": {answer{status: 404, body: unknown}, "cus_1", true},
	} {
		rec := &recorder{script: func(r request) answer {
			if strings.HasSuffix(r.Path, "/cus_1") {
				return tt.customer
			}
			return answer{status: 404, body: unknown}
		}}
		r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, step, billing.Results{CustomerID: "cus_1"})
		if err != nil || r.CustomerID != tt.id || r.Unknown != tt.unknown {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
