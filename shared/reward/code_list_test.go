package reward_test

import (
	"testing"
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/reward"
	"windfall/shared/rulestest"
)

func TestNameACodeOfAList(t *testing.T) {
	day := time.UnixMilli(86_400_000).UTC()
	codes := []PromoCode{
		{Code: "A", Max: 5, CreatedAt: day, Version: 1},
		{Code: "B", CustomerID: "cus_1", CustomerKey: "ada", CreatedAt: day, Version: 1},
		{Code: "B", CustomerID: "cus_2", CustomerKey: "ada", CreatedAt: day.Add(time.Hour), Version: 1}, // made when ada was another
		{Code: "C", CustomerID: "cus_1", CustomerKey: "ada", Max: 2, CreatedAt: day, Version: 1},
		{Code: "A", Max: 1, CreatedAt: day},
		{Code: "A", Max: 3, CreatedAt: day.Add(time.Hour)},
	}
	const none, again, several = -1, -2, -3
	type asked struct {
		Mention
		want int
	}
	tests := map[string][]asked{
		"the one that holds its text":     {{Mention{Code: "A"}, 0}},
		"then those that lost it":         {{Mention{Code: "A"}, 0}, {Mention{Code: "A"}, 4}, {Mention{Code: "A"}, 5}, {Mention{Code: "A"}, again}},
		"other limits are no other code":  {{Mention{Code: "A", Terms: &NewCode{Max: 3}}, 0}},
		"by its time":                     {{Mention{Code: "A", CreatedAt: day.Add(time.Hour)}, 5}},
		"by its limits at one time":       {{Mention{Code: "A", CreatedAt: day, Terms: &NewCode{Max: 1}}, 4}, {Mention{Code: "A", CreatedAt: day, Terms: &NewCode{Max: 5}}, 0}},
		"none of that time":               {{Mention{Code: "A", CreatedAt: day.Add(time.Minute)}, none}},
		"none of that text":               {{Mention{Code: "AA"}, none}},
		"the customer of today":           {{Mention{Code: "B", Customer: "ada", CustomerID: "cus_2"}, 2}, {Mention{Code: "B", Customer: "ada", CustomerID: "cus_2"}, again}},
		"the customer of then, as read":   {{Mention{Code: "C", Customer: "ada", CustomerID: "cus_3", CreatedAt: day}, 3}},
		"the customer of then":            {{Mention{Code: "C", Customer: "ada", CustomerID: "cus_3"}, none}},
		"by the internal id":              {{Mention{Code: "B", Customer: "cus_2"}, 2}},
		"a customer who is gone":          {{Mention{Code: "C", Customer: "ada"}, 3}},
		"another customer":                {{Mention{Code: "C", Customer: "bob", CustomerID: "cus_3"}, none}, {Mention{Code: "A", Customer: "bob"}, none}},
		"the only one of its text":        {{Mention{Code: "C"}, 3}, {Mention{Code: "C"}, again}},
		"with its limits":                 {{Mention{Code: "C", Terms: &NewCode{Max: 2}}, 3}},
		"with other limits it is another": {{Mention{Code: "C", Terms: &NewCode{Max: 1}}, none}},
		"of several customers":            {{Mention{Code: "B"}, several}},
	}
	for name, mentions := range tests {
		list := ListOf(codes)
		for n, m := range mentions {
			p, err := list.Name(m.Mention)
			got := none
			for i := range codes {
				if p == &codes[i] {
					got = i
				}
			}
			if why, known := map[refusal.Reason]int{ReasonDuplicateCode: again, ReasonCodeOfSeveral: several}[rulestest.ReasonOf(err)]; known {
				got = why
			}
			if got != m.want {
				t.Errorf("%s: %d. is %d (%v), want %d", name, n, got, err, m.want)
			}
		}
	}
	list := ListOf(codes)
	_, err := list.Name(Mention{Code: "C"})
	if left := list.Unnamed(); err != nil || len(left) != 5 || left[0].Code != "A" || left[3].Code != "A" {
		t.Errorf("left out: %v %v", left, err)
	}
}

func TestACodeAllowsItsOwnTerms(t *testing.T) {
	end := time.UnixMilli(1_000_000).UTC()
	p := PromoCode{Max: 5, MaxPerCustomer: 2, ExpiresAt: end.Add(time.Microsecond), FirstTimeOnly: true, Minimum: 1050, Currency: "usd"}
	own := func() NewCode {
		least, _ := money.ParseDecimal("10.50")
		return NewCode{Max: 5, MaxPerCustomer: 2, ExpiresAt: end, FirstTimeOnly: true, Minimum: least, Currency: "usd"}
	}
	for name, change := range map[string]func(*NewCode){
		"": func(*NewCode) {}, "without the currency": func(c *NewCode) { c.Currency = "" },
		"max": func(c *NewCode) { c.Max = 4 }, "per customer": func(c *NewCode) { c.MaxPerCustomer = 0 },
		"later": func(c *NewCode) { c.ExpiresAt = end.Add(time.Millisecond) }, "no end": func(c *NewCode) { c.ExpiresAt = time.Time{} },
		"any time": func(c *NewCode) { c.FirstTimeOnly = false }, "minimum": func(c *NewCode) { c.Minimum = money.One }, "currency": func(c *NewCode) { c.Currency = "eur" },
	} {
		cmd := own()
		change(&cmd)
		if got, want := p.Allows(cmd), name == "" || name == "without the currency"; got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if !(PromoCode{}).Allows(NewCode{}) {
		t.Error("no terms at all")
	}
}
