package billing

import "testing"

func TestTotalAddsLinesUp(t *testing.T) {
	t.Parallel()
	if got := Total([]Line{{Amount: 2000}, {Amount: -500}, {Amount: 1}}); got != 1501 {
		t.Errorf("got %d", got)
	}
	if got := Total(nil); got != 0 {
		t.Errorf("nothing adds up to %d", got)
	}
}
