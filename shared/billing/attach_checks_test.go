package billing

import (
	"testing"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
)

// A parameter fits what the page does.
func TestAParameterFitsWhatThePageDoes(t *testing.T) {
	t.Parallel()
	monthly, once := Product{ID: "m", Items: []Item{{Price: &One, Cycle: Cycle{Interval: Month, Count: 1}}}}, Product{ID: "o", Items: []Item{{Price: &One}}}
	for _, tt := range []struct {
		product Product
		name    string
		fits    bool
	}{{monthly, "submit_type", false}, {once, "submit_type", true}, {monthly, "subscription_data[description]", true}, {once, "subscription_data[description]", false}, {once, "payment_intent_data[description]", true}} {
		err := Attach{Products: []Product{tt.product}, Extra: map[string]string{tt.name: "x"}}.CheckPage()
		if (err == nil) != tt.fits {
			t.Errorf("%s on a page for %s: %v", tt.name, tt.product.ID, err)
		}
	}
}
