package attribute

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyNumber draws a spelling of a number, often at the edges of what is allowed.
func anyNumber() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		digits := rapid.StringMatching(`[0-9]{1,39}`).Draw(t, "digits")
		point := rapid.IntRange(0, len(digits)).Draw(t, "point")
		text := rapid.SampledFrom([]string{"", "-", "+"}).Draw(t, "sign") + digits[:point] + "." + digits[point:]
		if rapid.Bool().Draw(t, "plain") {
			return text
		}
		return fmt.Sprintf("%s%s%d", text, rapid.SampledFrom([]string{"e", "E"}).Draw(t, "e"), rapid.IntRange(-170, 170).Draw(t, "power"))
	})
}

// storable draws a number that is allowed, in canonical spelling.
func storable() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		number, err := canonical(anyNumber().Filter(func(s string) bool { _, err := canonical(s); return err == nil }).Draw(t, "number"))
		if err != nil {
			t.Fatal(err)
		}
		return number
	})
}

func rat(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

// allowed says whether a number can be stored: 38 significant digits between
// 10^-130 and just under 10^126. It is computed from integers alone.
func allowed(r *big.Rat) bool {
	if r.Sign() == 0 {
		return true
	}
	ten := big.NewInt(10)
	scaled := new(big.Rat).Mul(new(big.Rat).Abs(r), new(big.Rat).SetInt(new(big.Int).Exp(ten, big.NewInt(400), nil)))
	if !scaled.IsInt() {
		return false
	}
	digits := scaled.Num().String()
	exponent := len(digits) - 1 - 400
	return len(strings.TrimRight(digits, "0")) <= 38 && exponent >= -130 && exponent <= 125
}

func TestNumbersKeepTheirValueInOneSpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := anyNumber().Draw(t, "text")
		got, err := canonical(text)
		if allowed(rat(t, text)) != (err == nil) {
			t.Fatalf("canonical(%s) = %q, %v", text, got, err)
		}
		if err != nil {
			return
		}
		if rat(t, got).Cmp(rat(t, text)) != 0 {
			t.Fatalf("canonical(%s) = %s, another number", text, got)
		}
		if again, err := canonical(got); again != got || err != nil {
			t.Fatalf("canonical(%s) = %s, %v: not its own spelling", got, again, err)
		}
		if strings.ContainsAny(got, "eE+") || strings.HasPrefix(got, "00") || got == "-0" {
			t.Fatalf("canonical(%s) = %s: not plain", text, got)
		}
	})
}

func TestSumsAreExactOrRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := storable().Draw(t, "a"), storable().Draw(t, "b")
		subtract := rapid.Bool().Draw(t, "subtract")
		want := new(big.Rat).Add(rat(t, a), rat(t, b))
		if subtract {
			want = new(big.Rat).Sub(rat(t, a), rat(t, b))
		}
		got, err := Add(a, b, subtract)
		if allowed(want) != (err == nil) {
			t.Fatalf("add(%s, %s, %v) = %q, %v", a, b, subtract, got, err)
		}
		if err == nil && rat(t, got).Cmp(want) != 0 {
			t.Fatalf("add(%s, %s, %v) = %s, want %s", a, b, subtract, got, want.RatString())
		}
	})
}

func TestNumbersSortByValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := storable().Draw(t, "a"), storable().Draw(t, "b")
		want := rat(t, a).Cmp(rat(t, b))
		if got := compareNumbers(a, b); got != want {
			t.Fatalf("compareNumbers(%s, %s) = %d, want %d", a, b, got, want)
		}
		if got := strings.Compare(Sortable(a), Sortable(b)); got != want {
			t.Fatalf("sortable keys of %s and %s compare as %d, want %d", a, b, got, want)
		}
	})
}

// Nearly equal numbers are where an ordering goes wrong; random ones rarely are.
func TestNeighboursSortByValue(t *testing.T) {
	t.Parallel()
	sorted := []string{"-1e125", "-100", "-99.9", "-10", "-1.5", "-1.05", "-1", "-0.15", "-0.1", "-1e-130", "0",
		"1e-130", "0.1", "0.15", "0.9", "1", "1.05", "1.5", "9", "10", "12", "99.9", "100", "1e125"}
	for i, a := range sorted {
		for j, b := range sorted {
			x, errX := canonical(a)
			y, errY := canonical(b)
			if errX != nil || errY != nil {
				t.Fatal(errX, errY)
			}
			byKey, byValue, want := strings.Compare(Sortable(x), Sortable(y)), compareNumbers(x, y), min(1, max(-1, i-j))
			if byKey != want || byValue != want {
				t.Errorf("%s against %s: by key %d, by value %d, want %d", a, b, byKey, byValue, want)
			}
		}
	}
}

func TestLimitsOfNumbers(t *testing.T) {
	t.Parallel()
	nines := strings.Repeat("9", 38)
	for text, want := range map[string]string{
		nines: nines, "-" + nines: "-" + nines, nines + "0": nines + "0", nines + "9": "", "1" + nines: "", "0." + nines + "9": "",
		"9e125": "9" + strings.Repeat("0", 125), "1e126": "", "-1e126": "", "0.1e126": "1" + strings.Repeat("0", 125),
		"1e-130": "0." + strings.Repeat("0", 129) + "1", "1e-131": "", "10e-131": "0." + strings.Repeat("0", 129) + "1",
		"0e9999999999999999999999": "0", "1e99999999999999999999": "", "": "", "-": "", ".": "", "1e": "", "1e+": "", "--1": "", "1_000": "", "٣": "",
	} {
		if got, err := canonical(text); got != want || (err == nil) != (want != "") {
			t.Errorf("canonical(%s) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestNumberSizes(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]int{"0": 1, "1": 2, "-1": 3, "10": 2, "12": 2, "123": 3, "0.001": 2, "-12.5": 4,
		"12345678901234567890123456789012345678": 20} {
		if got := numberSize(number); got != want {
			t.Errorf("numberSize(%s) = %d, want %d", number, got, want)
		}
	}
}
