package money_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	const refused = "refused"
	for _, tt := range []struct{ name, in, want string }{
		{"a whole number", "12", "12"},
		{"a fraction", "23.47", "23.47"},
		{"below zero", "-8.5", "-8.5"},
		{"with an exponent", "1.5e3", "1500"},
		{"with a negative exponent", "15E-1", "1.5"},
		{"zero", "0", "0"},
		{"zero from below is zero", "-0", "0"},
		{"zero with many places is zero", "0.000000000000000000", "0"},
		{"15 decimals", "0.123456789012345", "0.123456789012345"},
		{"16 decimals", "0.1234567890123456", refused},
		{"zeros after the 15th decimal say nothing", "1.0000000000000000000", "1"},
		{"18 digits", "999999999999999999", "999999999999999999"},
		{"18 digits and 15 decimals", "-999999999999999999.123456789012345", "-999999999999999999.123456789012345"},
		{"19 digits", "1000000000000000000", refused},
		{"19 digits below zero", "-1000000000000000000", refused},
		{"19 digits by an exponent", "1e18", refused},
		{"40 digits", strings.Repeat("9", 40), refused},
		{"40 decimals", "0." + strings.Repeat("9", 40), refused},
		{"65 characters", strings.Repeat("0", 64) + "1", refused},
		{"more than a float holds", "1e400", refused},
		{"an exponent that would fill the memory", "1e999999999", refused},
		{"the smallest of its kind", "1e-999999999", refused},
		{"an exponent no machine holds", "1e99999999999999999999", refused},
		{"not a number", "NaN", refused},
		{"infinity", "Infinity", refused},
		{"a quoted number", `"5"`, refused},
		{"null", "null", refused},
		{"nothing", "", refused},
		{"a space", " 1", refused},
		{"a hexadecimal number", "0x10", refused},
		{"separated thousands", "1,000", refused},
		{"an underscore", "1_000", refused},
		{"two points", "1.2.3", refused},
		{"only a sign", "-", refused},
		{"only an exponent", "e5", refused},
		{"a fraction of an exponent", "1e1.5", refused},
		{"digits of another script", "١٢", refused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDecimal(tt.in)
			if tt.want == refused {
				if why := ReasonOf(err); why != ReasonNotANumber && why != ReasonNumberTooFine {
					t.Errorf("got %v", err)
				}
				return
			}
			if WantReason(t, err, ""); got.String() != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A refusal repeats what was sent, but never much of it.
func TestParseDecimalAnswersBriefly(t *testing.T) {
	t.Parallel()
	_, err := ParseDecimal(strings.Repeat("x", 100_000))
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("err = %.300v", err)
	}
}

// Whatever is taken in is written out as the same number, and every sum of
// such numbers fits the 38 digits of the table.
func TestNumbersGoInAndOutUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyNumber().Draw(t, "a"), anyNumber().Draw(t, "b")
		back, err := ParseDecimal(a.String())
		if err != nil || !back.Equal(a) {
			t.Fatalf("%s came back as %s, %v", a, back, err)
		}
		sum := a.Add(b)
		if stored, err := StoredDecimal(sum.String()); err != nil || !stored.Equal(sum) {
			t.Fatalf("%s + %s was stored as %s, %v", a, b, stored, err)
		}
		if digits := strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(sum.String()), "0"); len(digits) > 38 {
			t.Fatalf("%s has %d digits", sum, len(digits))
		}
	})
}

// anyNumber draws numbers of every size the API takes.
func anyNumber() *rapid.Generator[Decimal] {
	return rapid.Custom(func(t *rapid.T) Decimal {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,15})?`).Draw(t, "number")
		d, err := ParseDecimal(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return d
	})
}

func TestPacksAreRoundedUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, quantity, size, want string }{
		{"nothing", "0", "100", "0"},
		{"less than nothing", "-100", "100", "0"},
		{"one unit is one pack", "1", "100", "1"},
		{"a fraction of a unit is one pack", "0.000000000000001", "100", "1"},
		{"a full pack", "100", "100", "1"},
		{"a unit more than a pack", "101", "100", "2"},
		{"a hair more than three packs", "300.000000000000001", "100", "4"},
		{"units one by one", "7", "1", "7"},
		{"a pack of two and a half", "5", "2.5", "2"},
		{"more units than a machine word counts", "999999999999999999", "1", "999999999999999999"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Packs(Dec(tt.quantity), Dec(tt.size)); !got.Equal(Dec(tt.want)) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPacksCoverTheQuantityAndNoPackIsTooMany(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		quantity := Int(rapid.Int64Range(1, 1e12).Draw(t, "thousandths")).Shift(-3)
		size := Int(rapid.Int64Range(1, 1e6).Draw(t, "size"))
		packs := Packs(quantity, size)
		if !packs.IsInteger() || packs.Mul(size).LessThan(quantity) || packs.Sub(One).Mul(size).GreaterThanOrEqual(quantity) {
			t.Fatalf("%s units in packs of %s are %s packs", quantity, size, packs)
		}
	})
}

// What skips work for zeros and small whole numbers gives what decimal gives.
func TestSumsAndTextsAreThoseOfDecimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) Decimal {
			return decimal.New(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()).Draw(rt, name), rapid.Int32Range(-15, 3).Draw(rt, name+" exponent"))
		}
		a, b := draw("a"), draw("b")
		if got := Plus(a, b); !got.Equal(a.Add(b)) || got.String() != a.Add(b).String() {
			rt.Errorf("%s + %s is %s", a, b, got)
		}
		if got := Less(a, b); !got.Equal(a.Sub(b)) || got.String() != a.Sub(b).String() {
			rt.Errorf("%s - %s is %s", a, b, got)
		}
		if got := string(AppendJSON([]byte("x"), a)); got != "x"+a.String() {
			rt.Errorf("%s is %s", a, got)
		}
	})
}
