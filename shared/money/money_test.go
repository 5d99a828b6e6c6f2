package money_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestMinorUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		currency Currency
		major    string
		want     Amount
	}{
		{"dollars and cents", "usd", "19.99", 1999},
		{"whole dollars", "usd", "20", 2000},
		{"half a cent is rounded up", "usd", "0.005", 1},
		{"less than half a cent is nothing", "usd", "0.004999999999999", 0},
		{"half a cent below zero is rounded away from zero", "usd", "-0.005", -1},
		{"an amount binary fractions get wrong", "usd", "1.005", 101},
		{"yen have no minor unit", "jpy", "500", 500},
		{"half a yen is rounded up", "jpy", "499.5", 500},
		{"francs of Djibouti neither", "djf", "7", 7},
		{"nor do the last of the list", "xpf", "7", 7},
		{"dinars have thousandths", "kwd", "6.15", 6150},
		{"of which none are charged alone", "kwd", "5.124", 5120},
		{"and half of ten is rounded up", "kwd", "5.125", 5130},
		{"below zero as well", "kwd", "-5.125", -5130},
		{"krónur are written with two decimals", "isk", "5", 500},
		{"and shillings of Uganda", "ugx", "5", 500},
		{"forints have two", "huf", "10.45", 1045},
		{"an unknown currency has cents", "xyz", "1", 100},
		{"a part of a listed code is not listed", "jp", "1", 100},
		{"no currency has cents", "", "1", 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := tt.currency.Minor(Dec(tt.major)); err != nil || got != tt.want {
				t.Errorf("got %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestMajorAndMinorUnitsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]Currency{"usd", "eur", "jpy", "krw", "ugx", "kwd"}).Draw(t, "currency")
		amount := Amount(rapid.Int64Range(-int64(MaxAmount), int64(MaxAmount)).Draw(t, "amount"))
		amount -= amount % currency.Step()
		if got, err := currency.Minor(currency.Major(amount)); err != nil || got != amount {
			t.Fatalf("%d %s came back as %d, %v", amount, currency, got, err)
		}
	})
}

func TestMajorUnits(t *testing.T) {
	t.Parallel()
	for currency, want := range map[Currency]string{"usd": "19.99", "jpy": "1999", "kwd": "1.999", "isk": "19.99"} {
		if got := currency.Major(1999); got.String() != want {
			t.Errorf("1999 in %s: got %s, want %s", currency, got, want)
		}
	}
}

// Whatever the number, it becomes the nearest amount or an error: never another
// amount, as where an integer wraps.
func TestAnAmountIsTheNumberOrAnError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]Currency{"usd", "jpy"}).Draw(t, "currency")
		major := Dec(rapid.StringMatching(`-?[0-9]{1,40}(\.[0-9]{1,30})?`).Draw(t, "number"))
		got, err := currency.Minor(major)
		off := currency.Major(got).Sub(major).Abs().Shift(currency.Exponent())
		switch beyond := major.Abs().GreaterThan(currency.Major(MaxAmount)); {
		case err == nil && (off.GreaterThan(Dec("0.5")) || got > MaxAmount || got < -MaxAmount):
			t.Fatalf("%s %s became %d", major, currency, got)
		case err != nil && (!beyond || got != 0 || ReasonOf(err) != ReasonAmountUnchargeable):
			t.Fatalf("%s %s: %d, %v", major, currency, got, err)
		}
	})
}

func TestTheLargestAmount(t *testing.T) {
	t.Parallel()
	for major, why := range map[string]refusal.Reason{
		"999999.99": "", "999999.994": "", "999999.995": ReasonAmountUnchargeable, "1000000": ReasonAmountUnchargeable, "-999999.99": "", "-1000000": ReasonAmountUnchargeable,
		"92233720368547758.07": ReasonAmountUnchargeable, "92233720368547758.08": ReasonAmountUnchargeable, "184467440737095516.17": ReasonAmountUnchargeable,
		"1" + strings.Repeat("0", 60): ReasonAmountUnchargeable,
	} {
		_, err := Currency("usd").Minor(Dec(major))
		WantReason(t, err, why)
	}
}

func TestWhichCurrenciesThereAre(t *testing.T) {
	t.Parallel()
	for c, want := range map[Currency]bool{"usd": true, "eur": true, "kwd": true, "isk": true, "xpf": true, "zmw": true, "": false, "USD": false, "xxx": false, " us": false, "usd ": false, "sd ": false} {
		if c.Known() != want {
			t.Errorf("%q is known: %t", c, c.Known())
		}
	}
	for c, want := range map[Currency]int32{"usd": 2, "jpy": 0, "kwd": 2, "isk": 0, "ugx": 0, "huf": 2, "twd": 2} {
		if c.Decimals() != want {
			t.Errorf("a price in %s has %d decimals", c, c.Decimals())
		}
	}
}
