package billing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/entitlement"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestArithmeticIsTheSumInOneLine(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Audit{
		"":                   {Amount: 500, Currency: "usd"},
		"20 (Pro) = 20 usd":  {Lines: []Line{{Description: "Pro", Amount: 2000}}, Amount: 2000, Currency: "usd"},
		"-5 (Credit) = -5 €": {Lines: []Line{{Description: "Credit", Amount: -500}}, Amount: -500, Currency: "€"},
		"50 (Premium) - 10.01 (unused time on Pro) + 0 (Seats) = 39.99 usd": {Amount: 3999, Currency: "usd", Lines: []Line{
			{Description: "Premium", Amount: 5000}, {Description: "unused time on Pro", Amount: -1001}, {Description: "Seats"}}},
		"500 (Pro) + 7 (Pack) = 507 jpy": {Amount: 507, Currency: "jpy", Lines: []Line{{Description: "Pro", Amount: 500}, {Description: "Pack", Amount: 7}}},
	} {
		if got := a.Arithmetic(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Read back, the terms of the sentence come to what it says they do.
func TestArithmeticAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Audit{Currency: rapid.SampledFrom([]Currency{"usd", "jpy"}).Draw(t, "currency")}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			a.Lines = append(a.Lines, Line{Description: "x", Amount: Amount(rapid.Int64Range(-1e8, 1e8).Draw(t, "amount"))})
		}
		a.Amount = Total(a.Lines)
		terms, total, _ := strings.Cut(a.Arithmetic(), " = ")
		sum, sign := Zero, One
		for _, word := range strings.Fields(strings.ReplaceAll(terms, " (x)", "")) {
			switch word {
			case "+":
				sign = One
			case "-":
				sign = One.Neg()
			default:
				term, err := ParseDecimal(word)
				if err != nil {
					t.Fatal(err)
				}
				sum = sum.Add(term.Mul(sign))
			}
		}
		if want := sum.String() + " " + string(a.Currency); total != want {
			t.Errorf("%s, but the terms come to %s", a.Arithmetic(), want)
		}
	})
}

func TestBalanceChangeTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	before := Balance{FeatureID: "messages", Grants: []Grant{{Included: Int(100), Used: Int(30)}, {Included: Int(5)}}}
	for want, after := range map[string]Balance{
		"7":         {FeatureID: "messages", Grants: []Grant{{Included: Int(7)}}},
		"-3":        {FeatureID: "messages", Grants: []Grant{{Included: Int(7), Used: Int(10), Overage: true}}},
		"unlimited": {FeatureID: "messages", Grants: []Grant{{Unlimited: true}}},
	} {
		if got := BalanceChange(before, after, April); got != (Change{"balance of messages", "75", want}) {
			t.Errorf("got %+v, want 75 to %s", got, want)
		}
	}
}
