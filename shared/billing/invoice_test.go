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

// A person is told of an invoice that nothing else would collect or follow.
func TestAnInvoiceThatNoTryPaysIsTold(t *testing.T) {
	t.Parallel()
	runs := State{Products: []CustomerProduct{{ID: "a", SubscriptionID: "sub_1", Status: Active}, {ID: "b", SubscriptionID: "sub_2", Status: Expired}}, Operations: []Operation{{ID: "op_now"}}}
	for name, tt := range map[string]struct {
		in   Invoice
		want bool
	}{
		"of a period within another":        {Invoice{GivenUp: true, OperationID: "alone_sub_1"}, true},
		"that is tried again":               {Invoice{OperationID: "alone_sub_1"}, false},
		"of a command that goes on":         {Invoice{GivenUp: true, OperationID: "op_now"}, false},
		"that staff made":                   {Invoice{GivenUp: true}, false},
		"of a subscription":                 {Invoice{GivenUp: true, SubscriptionID: "sub_1"}, false},
		"of a subscription that has ended":  {Invoice{GivenUp: true, SubscriptionID: "sub_2"}, true},
		"of one whose products are history": {Invoice{GivenUp: true, SubscriptionID: "sub_0"}, true},
	} {
		if got := runs.Uncollected(tt.in); got != tt.want {
			t.Errorf("an invoice %s: %v", name, got)
		}
	}
}
