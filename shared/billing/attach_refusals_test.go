package billing

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestAttachRefuses(t *testing.T) {
	t.Parallel()
	const held = "product_already_attached"
	status := func(s Status) func(*CustomerProduct) { return func(cp *CustomerProduct) { cp.Status = s } }
	later := func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, April.AddDate(0, 1, 0) }
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, April.AddDate(0, 0, 1) }

	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Attach)
		buys  string
		why   refusal.Reason
	}{
		{"what is held", customerOf(withCard, holding("pro", onStripe)), nil, "pro", held},
		{"what is held and free", customerOf(holding("free")), nil, "free", held},
		{"what is held and past due", customerOf(withCard, holding("pro", onStripe, status(PastDue))), nil, "pro", held},
		{"the quantity that is held", customerOf(withCard, holding("pro_prepaid", onStripe, packsOfMessages("200"))), quantity("messages", "150"), "pro_prepaid", held},
		{"what is scheduled", customerOf(withCard, holding("premium", onStripe), holding("pro", later)), nil, "pro", "already_scheduled"},
		{"an upgrade without a card", customerOf(holding("pro", onStripe)), nil, "premium", "no_card_for_change"},
		{"an upgrade on a page", customerOf(withCard, holding("pro", onStripe)), forcePage, "premium", "change_through_a_page"},
		{"an upgrade with a publishable key", customerOf(withCard, holding("pro", onStripe)), publishable, "premium", "change_through_a_page"},
		{"a downgrade with a publishable key", customerOf(withCard, holding("premium", onStripe)), publishable, "pro", "change_through_a_page"},
		{"a renewal on a page", customerOf(withCard, holding("premium", onStripe, ending)), forcePage, "premium", "change_through_a_page"},
		{"another quantity without a card", customerOf(holding("pro_prepaid", onStripe, packsOfMessages("200"))), quantity("messages", "500"), "pro_prepaid", "no_card_for_change"},
		{"an upgrade without its quantity", customerOf(withCard, holding("pro", onStripe)), nil, "premium_prepaid", "quantity_missing"},

		{"a free product to a publishable key", customerOf(), publishable, "hobby", "free_not_for_sale"},
		{"a free add-on to a publishable key", customerOf(withCard), publishable, "booster", "free_not_for_sale"},
		{"free products to a publishable key", customerOf(), publishable, "hobby g2_free", "free_not_for_sale"},

		{"two products of one group in one call", customerOf(withCard), nil, "pro premium", "bundle_of_one_group"},
		{"a bundle with a product held", customerOf(withCard, holding("g1_pro")), nil, "g1_pro g2_pro", "bundle_has_attached"},
		{"a bundle that changes a paid product", customerOf(withCard, holding("g1_pro", onStripe)), nil, "g1_premium g2_pro", "bundle_changes_product"},
		{"a bundle with a trial", customerOf(withCard), nil, "pro_trial g1_pro", "trial_in_a_bundle"},
		{"a bundle with the trial of an add-on", customerOf(withCard, func(s *AttachState) {
			s.Catalog.Products["addon_words"][0].Trial = &FreeTrial{Length: 1, Duration: Day}
		}), nil, "g1_pro addon_words", "trial_in_a_bundle"},

		{"no quantity where a card is charged", customerOf(withCard), nil, "pro_prepaid", "quantity_missing"},
		{"no quantity on an invoice", customerOf(), byInvoice, "pro_prepaid", "quantity_missing"},
		{"a negative quantity", customerOf(withCard), quantity("messages", "-100"), "pro_prepaid", "quantity_negative"},
		{"a negative quantity on a page", customerOf(), quantity("messages", "-1"), "pro_prepaid", "quantity_negative"},
		{"none of the only thing there is to buy", customerOf(withCard), quantity("messages", "0"), "packs_only", "quantities_buy_nothing"},
		{"none of it on a page", customerOf(), quantity("messages", "0"), "packs_only", "quantities_buy_nothing"},
		{"none of it in a bundle", customerOf(withCard), quantity("messages", "0"), "packs_only g1_pro", "quantities_buy_nothing"},
		{"more than Stripe can charge", customerOf(withCard), quantity("messages", "10000000"), "pro_prepaid", "quantity_too_expensive"},
		{"more than any amount holds", customerOf(), quantity("messages", "999999999999999999"), "pro_prepaid", "quantity_too_expensive"},
		{"two prices that Stripe can't charge together", customerOf(withCard, func(s *AttachState) {
			s.Catalog.Products["pro"][0].Items = []Item{{ID: "a", Price: Decp("999999.99"), Cycle: Cycle{Interval: Month, Count: 1}}, {ID: "b", Price: Decp("0.01")}}
		}), nil, "pro", "charge_too_large"},
		{"a price and packs that Stripe can't charge together", customerOf(func(s *AttachState) {
			p := s.Catalog.Products["pro_prepaid"][0]
			s.Catalog.Products["pro_prepaid"][0].Items = append(slices.Clone(p.Items), Item{ID: "fee", Price: Decp("999999.99")})
		}), quantity("messages", "500"), "pro_prepaid", "charge_too_large"},
		{"two products that Stripe can't charge together", customerOf(withCard, func(s *AttachState) {
			for _, id := range []string{"g1_pro", "g2_pro"} {
				s.Catalog.Products[id][0].Items = []Item{{ID: id, Price: Decp("500000"), Cycle: Cycle{Interval: Month, Count: 1}}}
			}
		}), nil, "g1_pro g2_pro", "charge_too_large"},
		{"a quantity of an unknown feature", customerOf(withCard), quantity("nothing", "1"), "pro", "feature_not_found"},
		{"a quantity of what has no quantity", customerOf(withCard), quantity("messages", "1"), "pro", "quantity_of_nothing"},
		{"a quantity of what is paid per use", customerOf(withCard), quantity("words", "1"), "usage_only", "quantity_of_nothing"},
		{"a quantity of what another product sells", customerOf(withCard), quantity("words", "1"), "pro_prepaid", "quantity_of_nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := DecideAttach(tt.state, tt.state.buy(tt.how, strings.Fields(tt.buys)...))
			WantReason(t, err, tt.why)
			if diff := cmp.Diff(Decision{}, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("a refusal decides nothing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAttachRefusalsNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("g1_pro", onStripe))
	for _, buys := range []string{"g1_pro", "g1_pro g2_pro", "g1_premium g2_pro"} {
		_, err := DecideAttach(s, s.buy(nil, strings.Fields(buys)...))
		if err == nil || !strings.Contains(err.Error(), "g1_pro") {
			t.Errorf("%s: %v", buys, err)
		}
	}
}

// A page may leave the quantity open only where it can be chosen there.
func TestAPageMayLeaveTheQuantityOpen(t *testing.T) {
	t.Parallel()
	s := customerOf()
	d, err := DecideAttach(s, s.buy(nil, "packs_only"))
	WantReason(t, err, "")
	line := d.Steps[len(d.Steps)-1].Session.Lines[0]
	if line.Quantity != 1 || !line.Adjust {
		t.Errorf("the page offers %d, adjustable %v", line.Quantity, line.Adjust)
	}
	if len(d.Start[0].Quantities) != 0 {
		t.Errorf("nobody chose %v yet", d.Start[0].Quantities)
	}
}

func TestSlotsOfAPurchase(t *testing.T) {
	t.Parallel()
	s := customerOf()
	for buys, want := range map[string][]string{
		"pro":                    {"group:main"},
		"free":                   {"group:main"},
		"addon_words":            {"product:addon_words"},
		"topup":                  {"product:topup"},
		"setup g2_pro g1_pro":    {"group:g1", "group:g2", "product:setup"},
		"g1_pro g2_pro setup":    {"group:g1", "group:g2", "product:setup"},
		"addon_words topup free": {"group:main", "product:addon_words", "product:topup"},
	} {
		if got := s.buy(nil, strings.Fields(buys)...).Slots(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", buys, got, want)
		}
	}
}
