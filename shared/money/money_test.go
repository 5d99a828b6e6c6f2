package money_test

import (
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/money"
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
		{"an unknown currency has cents", "xyz", "1", 100},
		{"a part of a listed code is not listed", "jp", "1", 100},
		{"no currency has cents", "", "1", 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.currency.Minor(Dec(tt.major)); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestMajorAndMinorUnitsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]Currency{"usd", "eur", "jpy", "krw", "ugx"}).Draw(t, "currency")
		amount := Amount(rapid.Int64Range(-1e15, 1e15).Draw(t, "amount"))
		if got := currency.Minor(currency.Major(amount)); got != amount {
			t.Fatalf("%d %s came back as %d", amount, currency, got)
		}
	})
}

func TestMajorUnits(t *testing.T) {
	t.Parallel()
	for currency, want := range map[Currency]string{"usd": "19.99", "jpy": "1999"} {
		if got := currency.Major(1999); got.String() != want {
			t.Errorf("1999 in %s: got %s, want %s", currency, got, want)
		}
	}
}
