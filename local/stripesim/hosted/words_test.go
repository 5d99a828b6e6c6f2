package hosted

import "testing"

func TestAmountsAreGrouped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount   int64
		currency string
		want     string
	}{
		{0, "usd", "$0.00"}, {5, "usd", "$0.05"}, {99_999, "usd", "$999.99"}, {100_000, "usd", "$1,000.00"},
		{-123_456_789, "eur", "-€1,234,567.89"}, {1_000, "jpy", "¥1,000"}, {999, "jpy", "¥999"}, {1_234_567, "kwd", "1,234.567 KWD"},
	} {
		if got := minor(c.amount, c.currency); got != c.want {
			t.Errorf("%d %s: %s, want %s", c.amount, c.currency, got, c.want)
		}
	}
}
