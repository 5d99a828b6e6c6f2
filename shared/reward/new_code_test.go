package reward_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/reward"
	"windfall/shared/rulestest"
)

func TestANewCode(t *testing.T) {
	t.Parallel()
	limited := catalog.Reward{ID: "ten", InternalID: "rew_1", Type: catalog.PercentageDiscount, Max: 5, MaxPerCustomer: 2, RedeemBy: now.Add(time.Hour)}
	amount := catalog.Reward{ID: "five", InternalID: "rew_3", Type: catalog.FixedDiscount, Discount: &catalog.Discount{Value: money.One}}
	gift := catalog.Reward{ID: "gift", InternalID: "rew_2", Type: catalog.FreeProduct}
	minimum := func(text string) NewCode {
		d, err := money.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		return NewCode{Code: "A", Minimum: d, AmountIn: "usd"}
	}
	for name, tt := range map[string]struct {
		reward catalog.Reward
		cmd    NewCode
		used   int
		why    refusal.Reason
	}{
		"a plain one":                   {limited, NewCode{Code: " fall_25"}, 0, ""},
		"all of the reward's limits":    {limited, NewCode{Code: "A", Max: 5, MaxPerCustomer: 2, ExpiresAt: now.Add(time.Hour)}, 4, ""},
		"no text":                       {limited, NewCode{Code: " "}, 0, ReasonCodeForm},
		"letters of another alphabet":   {limited, NewCode{Code: "ÉTÉ"}, 0, ReasonCodeForm},
		"a long text":                   {limited, NewCode{Code: strings.Repeat("A", 65)}, 0, ReasonCodeForm},
		"a reward that is used up":      {limited, NewCode{Code: "A"}, 5, ReasonCodeRewardEnded},
		"more uses than the reward":     {limited, NewCode{Code: "A", Max: 6}, 0, ReasonCodeLimitBeyond},
		"more for one customer":         {limited, NewCode{Code: "A", MaxPerCustomer: 3}, 0, ReasonCodeLimitBeyond},
		"more for one than for all":     {gift, NewCode{Code: "A", Max: 2, MaxPerCustomer: 3}, 0, ReasonCodeLimitBeyond},
		"below nothing":                 {gift, NewCode{Code: "A", Max: -1}, 0, ReasonCodeLimit},
		"beyond Stripe's":               {gift, NewCode{Code: "A", Max: catalog.MaxUses + 1}, 0, ReasonCodeLimit},
		"a last day that is over":       {gift, NewCode{Code: "A", ExpiresAt: now}, 0, ReasonCodeExpired},
		"a last day after the reward's": {limited, NewCode{Code: "A", ExpiresAt: now.Add(time.Hour + 1)}, 0, ReasonCodeExpiryBeyond},
		"a minimum":                     {limited, minimum("30.50"), 0, ""},
		"a minimum in parts of a cent":  {limited, minimum("30.501"), 0, ReasonCodeMinimum},
		"a minimum below nothing":       {limited, minimum("-1"), 0, ReasonCodeMinimum},
		"a minimum beyond any invoice":  {limited, minimum("1000000"), 0, ReasonCodeMinimum},
		"a minimum of a gift":           {gift, minimum("30"), 0, ReasonCodeMinimumOfAGift},
		"a currency alone":              {limited, NewCode{Code: "A", Currency: "usd"}, 0, ReasonCodeCurrencyAlone},
		"another currency":              {limited, NewCode{Code: "A", Minimum: money.One, Currency: "eur", AmountIn: "usd"}, 0, ""},
		"another than the amount's":     {amount, NewCode{Code: "A", Minimum: money.One, Currency: "eur", AmountIn: "usd"}, 0, ReasonCodeCurrency},
		"an unknown currency":           {limited, NewCode{Code: "A", Minimum: money.One, Currency: "xxx", AmountIn: "usd"}, 0, ReasonCodeCurrencyUnknown},
		"a part of a yen":               {limited, NewCode{Code: "A", Minimum: money.Int(5).Shift(-1), Currency: "jpy", AmountIn: "usd"}, 0, ReasonCodeMinimum},
		"long notes":                    {limited, NewCode{Code: "A", Metadata: map[string]string{"k": strings.Repeat("v", 501)}}, 0, ReasonCodeMetadata},
		"notes without a name":          {limited, NewCode{Code: "A", Metadata: map[string]string{"": "v"}}, 0, ReasonCodeMetadata},
	} {
		p, err := DecideCode(tt.reward, tt.used, tt.cmd, now)
		if got := rulestest.ReasonOf(err); got != tt.why {
			t.Errorf("%s: %v, want %q", name, err, tt.why)
		}
		if err == nil && (p.RewardID != tt.reward.InternalID || p.Code != catalog.NormalCode(tt.cmd.Code) || !p.CreatedAt.Equal(now)) {
			t.Errorf("%s is %+v", name, p)
		}
	}
	if p, _ := DecideCode(limited, 0, minimum("30.50"), now); p.Minimum != 3050 || p.Currency != "usd" {
		t.Errorf("30.50 is %d %s", p.Minimum, p.Currency)
	}
}

// The bound of all notes is that of an answer, which is JSON within JSON: a hundred
// codes with as many as are allowed fit one.
func TestNotesAreCountedAsAnAnswerWritesThem(t *testing.T) {
	t.Parallel()
	const bound = 32 << 10
	size := func(notes map[string]string) int {
		text, err := json.Marshal(notes)
		if err != nil {
			t.Fatal(err)
		}
		quoted, err := json.Marshal(string(text))
		if err != nil {
			t.Fatal(err)
		}
		return len(quoted)
	}
	for _, r := range "x é😀\"\\<&\n\x01\x7f\u2028" {
		most := 0
		for n := range 501 {
			p := PromoCode{Code: "A", Metadata: map[string]string{}}
			for i := range 50 {
				p.Metadata[fmt.Sprintf("%040d", i)] = strings.Repeat(string(r), n)
			}
			if p.CheckMetadata() == nil {
				most = size(p.Metadata)
			} else if now := size(p.Metadata); now <= bound-10 || most > bound+10 {
				t.Errorf("%q: %d bytes are allowed and %d are not", r, most, now)
			} else {
				break
			}
		}
		if r == 'x' && most < 27000 {
			t.Errorf("plain notes: only %d bytes", most)
		}
	}
}
