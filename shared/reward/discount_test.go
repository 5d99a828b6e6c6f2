package reward

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"windfall/shared/money"
)

func percent(text string) *Discount {
	d, err := money.ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return &Discount{Percent: d}
}

func off(amount money.Amount, items ...string) *Discount {
	return &Discount{Amount: amount, Items: items}
}

// RWD-18, RWD-19, and the cent that is left over.
func TestWhatADiscountTakesOffEachLine(t *testing.T) {
	t.Parallel()
	of := func(amounts ...money.Amount) (lines []Charge) {
		for i, a := range amounts {
			lines = append(lines, Charge{string(rune('a' + i)), a})
		}
		return lines
	}
	for name, tt := range map[string]struct {
		discount *Discount
		lines    []Charge
		want     []money.Amount
	}{
		"RWD-18: 7 over 30 and 20":              {off(700), of(3000, 2000), []money.Amount{420, 280}},
		"RWD-19: 33.3 % of 9.99 and 4.99":       {percent("33.3"), of(999, 499), []money.Amount{333, 166}},
		"a half cent goes up":                   {percent("50"), of(1, 3), []money.Amount{1, 2}},
		"all of it":                             {percent("100"), of(999, 1), []money.Amount{999, 1}},
		"the last takes the rest":               {off(100), of(100, 100, 100), []money.Amount{33, 33, 34}},
		"the last but nothing":                  {off(100), of(100, 100, 0), []money.Amount{50, 50, 0}},
		"the last can't hold the rest":          {off(199), of(100, 98, 1), []money.Amount{100, 98, 1}},
		"nor the one before":                    {off(200), of(100, 99, 1), []money.Amount{100, 99, 1}},
		"more than there is":                    {off(5000), of(999, 1), []money.Amount{999, 1}},
		"a credit takes no part":                {off(700), of(-1000, 2000), []money.Amount{0, 700}},
		"some items alone":                      {off(700, "b"), of(3000, 2000), []money.Amount{0, 700}},
		"a percentage of some":                  {&Discount{Percent: money.Int(10), Items: []string{"a"}}, of(3000, 2000), []money.Amount{300, 0}},
		"no item that is there":                 {off(700, "x"), of(3000, 2000), []money.Amount{0, 0}},
		"an amount too large for small numbers": {off(99_999_999), of(99_999_999, 99_999_999), []money.Amount{49_999_999, 50_000_000}},
		"no discount":                           {nil, of(3000), []money.Amount{0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.discount.Off(tt.lines)); diff != "" {
				t.Errorf("off (-want +got):\n%s", diff)
			}
		})
	}
}

// The price that prorations are counted from (RWD-20, RWD-21).
func TestThePriceUnderADiscount(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		discount *Discount
		want     string
	}{
		"none": {nil, "2000"}, "20 %": {percent("20"), "1600"}, "33.3 %": {percent("33.3"), "1334"}, "a part of a cent": {percent("33.333"), "1333.34"},
		"4.00": {off(400), "1600"}, "more than it costs": {off(2001), "0"}, "of another item": {off(400, "x"), "2000"},
	} {
		if got := tt.discount.Price("a", 2000).String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// I-13: a discount is never below nothing, never more than its line, and an
// amount is given in full where there is as much to take it from.
func TestI13ADiscountStaysWithinItsLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Charge {
			return Charge{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "item"), money.Amount(rapid.Int64Range(-1000, 99_999_999).Draw(t, "amount"))}
		}), 0, 12).Draw(t, "lines")
		d := &Discount{Amount: money.Amount(rapid.Int64Range(1, 99_999_999).Draw(t, "off"))}
		if rapid.Bool().Draw(t, "percentage") {
			d = &Discount{Percent: money.Int(rapid.Int64Range(1, 10_000).Draw(t, "percent")).Shift(-2)}
		}
		if rapid.Bool().Draw(t, "limited") {
			d.Items = []string{"a", "b"}
		}
		var given, could money.Amount
		for i, off := range d.Off(lines) {
			if off < 0 || off > max(0, lines[i].Amount) || off > 0 && !d.Covers(lines[i].ItemID) {
				t.Fatalf("%d off a line of %+v", off, lines[i])
			}
			if given += off; d.Covers(lines[i].ItemID) {
				could += max(0, lines[i].Amount)
			}
		}
		if want := min(d.Amount, could); d.Amount > 0 && given != want {
			t.Fatalf("%d given, want %d", given, want)
		}
	})
}
