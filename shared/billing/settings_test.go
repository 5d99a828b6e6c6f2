package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
)

func TestDecideEditSettings(t *testing.T) {
	t.Parallel()
	yes, no, year, usual, none, much := true, false, 365, 400, 0, 3661
	for name, c := range map[string]struct {
		from    Settings
		cmd     EditSettings
		want    Settings
		changes []Change
		refused bool
	}{
		"nothing asked":   {Settings{PublishableCheckout: true, Version: 3}, EditSettings{}, Settings{PublishableCheckout: true, Version: 3}, nil, false},
		"already so":      {Settings{}, EditSettings{KeepAccessWhenPastDue: &no, UsageEventDays: &usual}, Settings{}, nil, false},
		"one of them":     {Settings{PublishableReadsCustomers: true}, EditSettings{KeepAccessWhenPastDue: &yes}, Settings{PublishableReadsCustomers: true, KeepAccessWhenPastDue: true}, []Change{{"keep_access_when_past_due", "false", "true"}}, false},
		"taken back":      {Settings{PublishableCheckout: true}, EditSettings{PublishableCheckout: &no}, Settings{}, []Change{{"publishable_checkout", "true", "false"}}, false},
		"all of them":     {Settings{Version: 1}, EditSettings{KeepAccessWhenPastDue: &yes, PublishableReadsCustomers: &yes, PublishableCheckout: &yes, RefundEndsAccess: &yes, DisputeEndsAccess: &yes, UsageEventDays: &year}, Settings{KeepAccessWhenPastDue: true, PublishableReadsCustomers: true, PublishableCheckout: true, RefundEndsAccess: true, DisputeEndsAccess: true, UsageEventDays: 365, Version: 1}, []Change{{"keep_access_when_past_due", "false", "true"}, {"publishable_reads_customers", "false", "true"}, {"publishable_checkout", "false", "true"}, {"refund_ends_access", "false", "true"}, {"dispute_ends_access", "false", "true"}, {"usage_event_days", "400", "365"}}, false},
		"tax":             {Settings{TaxIDCollection: true}, EditSettings{AutomaticTax: &yes, TaxIDCollection: &no}, Settings{AutomaticTax: true}, []Change{{"automatic_tax", "false", "true"}, {"tax_id_collection", "true", "false"}}, false},
		"kept for no day": {Settings{}, EditSettings{UsageEventDays: &none}, Settings{}, nil, true},
		"kept for ever":   {Settings{}, EditSettings{UsageEventDays: &much}, Settings{}, nil, true},
	} {
		got, err := DecideEditSettings(c.from, c.cmd)
		if (err != nil) != c.refused || got.Settings != c.want || got.Changed() != (len(c.changes) > 0) || !cmp.Equal(got.Audit.Changes, c.changes) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}
