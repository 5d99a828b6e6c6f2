package calc

import "testing"

// A tax is a multiple of what every amount of the currency is: tens of dinars' thousandths.
func TestATaxIsAMultipleOfTheStep(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		currency       string
		amount, on, in int64
	}{
		{"usd", 484, 73, 63}, {"usd", -484, -73, -63}, {"jpy", 1001, 150, 131},
		{"kwd", 4840, 730, 630}, {"kwd", -4840, -730, -630}, {"kwd", 30, 0, 0}, {"kwd", 40, 10, 10},
	} {
		step, percent := Step(tt.currency), Rat("15")
		if on, in := TaxOn(tt.amount, percent, step), TaxIn(tt.amount, percent, step); on != tt.on || in != tt.in {
			t.Errorf("15 %% of %d %s: %d on top and %d within, want %d and %d", tt.amount, tt.currency, on, in, tt.on, tt.in)
		}
	}
}
