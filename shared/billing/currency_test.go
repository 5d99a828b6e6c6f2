package billing

import (
	"strings"
	"testing"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

// inSeveral is a product whose price is 20 in the environment's currency, and others beside it.
func inSeveral(id string, prices Prices) Product {
	fee := Fee("pr_"+id, "20", Monthly)
	fee.Prices = prices
	return OfItems(id, "main", fee)
}

func worldShop() *Catalog {
	c := Shop()
	c.Products["world"] = []Product{inSeveral("world", Prices{"eur": Dec("18"), "jpy": Dec("2000")})}
	c.StripePrices["pr_world"], c.StripePrices["pr_world/eur"] = "price_usd", "price_eur"
	return c
}

func TestARuleSeesPricesInTheCustomersCurrency(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		currency Currency
		amount   Amount
		stripe   string
		key      string
	}{{"", 2000, "price_usd", ""}, {"usd", 2000, "price_usd", ""}, {"eur", 1800, "price_eur", ""}, {"jpy", 2000, "", "pr_world/jpy"}} {
		c := worldShop()
		s := AttachState{State: State{Customer: Customer{ID: "c", InternalID: "cus_c", StripeID: "cus_1", Currency: tt.currency}}, Catalog: c, Card: "pm_1"}
		cmd, err := Attach{OperationID: "op", Products: []Product{c.Products["world"][0]}, Now: April}.Customize(s.State, c)
		if err != nil {
			t.Fatal(err)
		}
		d, err := DecideAttach(s, cmd)
		if err != nil || d.DueNow() != tt.amount || d.Currency != s.In(c).Currency() {
			t.Errorf("%q: %d %s, %v", tt.currency, d.DueNow(), d.Currency, err)
		}
		line := d.Steps[len(d.Steps)-1].Subscription.Lines[0]
		if line.StripeID != tt.stripe {
			t.Errorf("%q is bought at the price %q", tt.currency, line.StripeID)
		}
		if tt.key != "" && (d.Steps[0].Price.PriceKey() != tt.key || d.Steps[0].Price.Currency != tt.currency || d.Steps[0].Price.ItemID != "pr_world") {
			t.Errorf("%q: the price made is %+v", tt.currency, d.Steps[0].Price)
		}
		if done := (Operation{ID: "op", Decision: d}).Settle(s.State, c, Results{SubscriptionID: "sub_1"}, April); done.Customer.Currency != d.Currency {
			t.Errorf("%q: the customer pays in %q afterwards", tt.currency, done.Customer.Currency)
		}
	}
}

func TestWhatIsNotSoldInACurrency(t *testing.T) {
	t.Parallel()
	c := worldShop()
	s := State{Customer: Customer{ID: "c", Currency: "kwd"}}
	cmd := Attach{OperationID: "op", Products: []Product{c.Products["world"][0]}, Now: April}
	_, err := cmd.Customize(s, c)
	WantReason(t, err, ReasonCurrencyNotOffered)
	_, err = DecideAttach(AttachState{State: s, Catalog: c.In("kwd"), Card: "pm_1"}, cmd)
	WantReason(t, err, ReasonCurrencyNotOffered)
}

func TestACustomersCurrencyIsChosenOnce(t *testing.T) {
	t.Parallel()
	c := worldShop()
	bought := []CustomerProduct{{ID: "cp", ProductID: "world", SubscriptionID: "sub_1", Status: Active}}
	for name, tt := range map[string]struct {
		state State
		asked Currency
		why   refusal.Reason
	}{
		"nothing is asked":                         {State{}, "", ""},
		"a first choice":                           {State{}, "eur", ""},
		"the same":                                 {State{Customer: Customer{Currency: "eur"}}, "eur", ""},
		"another one":                              {State{Customer: Customer{Currency: "eur"}}, "usd", ReasonCurrencyFixed},
		"another one than this command chose":      {State{Chosen: "eur"}, "usd", ReasonCurrencyFixed},
		"of before, who bought in the default one": {State{Products: bought}, "eur", ReasonCurrencyFixed},
		"of before, the default one":               {State{Products: bought}, "usd", ""},
		"whose purchases are in the history":       {State{Customer: Customer{Moved: MovedProducts{Bought: true}}}, "eur", ReasonCurrencyFixed},
		"who has a free product":                   {State{Products: []CustomerProduct{{ID: "cp", ProductID: "free", Status: Active}}}, "eur", ""},
		"an unknown one":                           {State{}, "xxx", ReasonCurrencyUnknown},
	} {
		got, err := tt.state.Choose(c, tt.asked)
		WantReason(t, err, tt.why)
		if err == nil && tt.asked != "" && got.In(c).Currency() != tt.asked {
			t.Errorf("%s: the customer pays in %s", name, got.In(c).Currency())
		}
	}
}

// An amount that a customer earned in another currency is not theirs, and the history says
// why.
func TestAnEarnedAmountInAnotherCurrencyIsDropped(t *testing.T) {
	t.Parallel()
	c := RewardCatalog()
	s := queued(c, "five")
	s.Customer.Currency = "eur"
	d, waits := s.NextReward(c)
	if !waits || d.Branch != BranchVoid || len(d.Steps) > 0 || !strings.Contains(d.Why, "in usd, and the customer pays in eur") {
		t.Errorf("%+v", d)
	}
	if s.Customer.Currency = "usd"; s.Queue[0].Reward.HasAmount() {
		if d, _ := s.NextReward(c); d.Branch != BranchDiscount {
			t.Errorf("in its own: %+v", d)
		}
	} else {
		t.Error("five is no amount")
	}
}

func TestTheEnvironmentsCurrencyIsChangedWhileNothingIsPriced(t *testing.T) {
	t.Parallel()
	eur, usd, unknown := Currency("eur"), Currency("usd"), Currency("EUR")
	from := Settings{Currency: "usd", Priced: true, Version: 3}
	for name, tt := range map[string]struct {
		cmd  EditSettings
		want Settings
		why  refusal.Reason
	}{
		"another one":             {EditSettings{Currency: &eur}, Settings{Currency: "eur", Version: 3}, ""},
		"the same":                {EditSettings{Currency: &usd, InCurrency: "product pro"}, from, ""},
		"while something is":      {EditSettings{Currency: &eur, InCurrency: "product pro"}, from, ReasonSettingsCurrencyFixed},
		"one that Stripe has not": {EditSettings{Currency: &unknown}, from, ReasonCurrencyUnknown},
	} {
		got, err := DecideEditSettings(from, tt.cmd)
		WantReason(t, err, tt.why)
		if got.Settings != tt.want || got.Changed() != (tt.want != from) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
