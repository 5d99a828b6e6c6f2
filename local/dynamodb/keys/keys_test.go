package keys

import (
	"cmp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"windfall/local/dynamodb/attribute"
)

// keyText draws texts that try to confuse the joining of key parts.
func keyText() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune{0, 1, 2, 'a', 'b', 0xFF, 0x10FFFF}), 1, 4, -1)
}

func TestPositionsSortPartByPart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := [2]string{keyText().Draw(t, "a0"), keyText().Draw(t, "a1")}
		b := [2]string{keyText().Draw(t, "b0"), keyText().Draw(t, "b1")}
		join := func(parts [2]string) string { return escapePart(parts[0]) + partEnd + escapePart(parts[1]) + partEnd }
		want := cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]))
		if got := strings.Compare(join(a), join(b)); got != want {
			t.Fatalf("%q against %q: %d, want %d", a, b, got, want)
		}
	})
}

func TestBoundsHoldWhatTheConditionMeans(t *testing.T) {
	t.Parallel()
	means := map[string]func(v, a, b string) bool{
		"=":           func(v, a, _ string) bool { return v == a },
		"<":           func(v, a, _ string) bool { return v < a },
		"<=":          func(v, a, _ string) bool { return v <= a },
		">":           func(v, a, _ string) bool { return v > a },
		">=":          func(v, a, _ string) bool { return v >= a },
		"BETWEEN":     func(v, a, b string) bool { return v >= a && v <= b },
		"begins_with": func(v, a, _ string) bool { return strings.HasPrefix(v, a) },
	}
	rapid.Check(t, func(t *rapid.T) {
		v, a, b := keyText().Draw(t, "v"), keyText().Draw(t, "a"), keyText().Draw(t, "b")
		rest := keyText().Draw(t, "what an index appends")
		for operator, want := range means {
			within := BoundsFor(operator, attribute.Value{Kind: attribute.String, Text: a}, attribute.Value{Kind: attribute.String, Text: b})
			if got := within.Contains(escapePart(v) + partEnd + rest); got != want(v, a, b) {
				t.Fatalf("%q %s %q (%q): %v", v, operator, a, b, got)
			}
		}
	})
}
