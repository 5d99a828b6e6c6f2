package usage

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Positions compare as the numbers of their changes do, and within one change as its events.
func TestPositionsAscend(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		digits := rapid.StringMatching(`[1-9][0-9]{0,25}`).Draw(r, "sequence")
		n, _ := new(big.Int).SetString(digits, 10)
		next := new(big.Int).Add(n, big.NewInt(rapid.Int64Range(1, 1<<40).Draw(r, "gap")))
		p, q := PositionOf(digits), PositionOf(next.String())
		order := []Position{p, p.Part(0), p.Part(rapid.IntRange(1, 9).Draw(r, "a")), p.Part(rapid.IntRange(10, 9999).Draw(r, "b")), q, q.Part(0)}
		for i := range order[1:] {
			if order[i] >= order[i+1] {
				r.Fatalf("%q is not before %q", order[i], order[i+1])
			}
		}
	})
	if got := PositionOf("00").Part(3) + PositionOf("x").Part(0); got != "" {
		t.Errorf("of no number: %q", fmt.Sprint(got))
	}
}
