package catalog_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func ptrTo[T any](v T) *T { return &v }

func featureCatalog() *Catalog {
	return &Catalog{
		Settings: Settings{Currency: "usd"},
		Features: map[string]Feature{
			"messages":  {ID: "messages", Name: "Messages", Type: SingleUse},
			"seats":     {ID: "seats", Name: "Seats", Type: ContinuousUse},
			"dashboard": {ID: "dashboard", Name: "Dashboard", Type: Boolean},
			"action":    {ID: "action", Name: "Action", Type: SingleUse},
			"spare":     {ID: "spare", Name: "Spare", Type: SingleUse, EventNames: []string{"spared"}},
			"credits":   {ID: "credits", Name: "Credits", Type: CreditSystem, Credits: []CreditCost{{"action", One}}},
		},
		Products: map[string][]Product{"pro": {
			{ID: "pro", Version: 1, Items: []Item{{ID: "pr_1", FeatureID: "messages", EntityID: "seats"}}},
			{ID: "pro", Version: 2},
		}},
	}
}

func TestDecideCreateFeature(t *testing.T) {
	t.Parallel()
	create := func(id string, f FeatureType, more ...func(*EditFeature)) EditFeature {
		cmd := EditFeature{ID: id, Type: &f}
		for _, m := range more {
			m(&cmd)
		}
		return cmd
	}
	costs := func(c ...CreditCost) func(*EditFeature) { return func(cmd *EditFeature) { cmd.Credits = &c } }
	events := func(names ...string) func(*EditFeature) { return func(cmd *EditFeature) { cmd.EventNames = &names } }
	long := string(make([]byte, 65))

	for _, tt := range []struct {
		name string
		cmd  EditFeature
		why  refusal.Reason
	}{
		{"a boolean feature needs nothing else", create("new", Boolean), ""},
		{"a metered feature may listen to events", create("new", SingleUse, events("sent", "received")), ""},
		{"a credit system pays for metered features", create("new", CreditSystem, costs(CreditCost{"action", One}, CreditCost{"seats", Int(2)})), ""},
		{"ids are unique", create("messages", Boolean), "duplicate_feature"},
		{"an id is required", create("", Boolean), "feature_text"},
		{"an id has at most 64 characters", create(long, Boolean), "feature_text"},
		{"an id is a slug", create("two words", Boolean), "feature_text"},
		{"a slash is no slug", create("a/b", Boolean), "feature_text"},
		{"a type is required", EditFeature{ID: "new"}, "feature_type_missing"},
		{"a type is known", create("new", "sometimes"), "feature_type_unknown"},
		{"a boolean feature listens to nothing", create("new", Boolean, events("sent")), "events_of_unmetered_feature"},
		{"an event name is not empty", create("new", SingleUse, events("")), "event_name_length"},
		{"an event name comes once", create("new", SingleUse, events("a", "a")), "event_name_given_twice"},
		{"a credit system without a schema buys nothing", create("new", CreditSystem), "credit_costs_missing"},
		{"a credit system pays for features that exist", create("new", CreditSystem, costs(CreditCost{"nothing", One})), "credit_cost_of_unknown_feature"},
		{"a credit system does not pay for itself", create("new", CreditSystem, costs(CreditCost{"new", One})), "credit_cost_of_unknown_feature"},
		{"credit systems don't nest", create("new", CreditSystem, costs(CreditCost{"credits", One})), "credit_cost_of_unmetered_feature"},
		{"boolean features cost no credits", create("new", CreditSystem, costs(CreditCost{"dashboard", One})), "credit_cost_of_unmetered_feature"},
		{"a credit cost is above 0", create("new", CreditSystem, costs(CreditCost{"action", Zero})), "credit_cost_not_positive"},
		{"a credit cost comes once", create("new", CreditSystem, costs(CreditCost{"action", One}, CreditCost{"action", One})), "credit_cost_given_twice"},
		{"only credit systems have a schema", create("new", SingleUse, costs(CreditCost{"action", One})), "credit_costs_of_a_plain_feature"},
		{"control characters are no name", create("new", Boolean, func(cmd *EditFeature) { cmd.Name = ptrTo("a\nb") }), "feature_text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideCreateFeature(featureCatalog(), tt.cmd)
			WantReason(t, err, tt.why)
		})
	}
}

func TestAFeatureWithoutANameIsCalledLikeItsID(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	for id, name := range map[string]string{"ai-messages_sent": "Ai Messages Sent", "a": "A", "_": "_"} {
		got, err := DecideCreateFeature(featureCatalog(), EditFeature{ID: id, Type: ptrTo(AnyMetered), Now: now})
		WantReason(t, err, "")
		if diff := cmp.Diff(Feature{ID: id, Name: name, Type: SingleUse, CreatedAt: now}, got); diff != "" {
			t.Errorf("feature (-want +got):\n%s", diff)
		}
	}
}

func TestDecideEditFeature(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cmd  EditFeature
		want Feature
		why  refusal.Reason
	}{
		{name: "the name and the event names can change while it is used",
			cmd:  EditFeature{ID: "messages", Name: ptrTo("Texts"), EventNames: &[]string{"sent"}},
			want: Feature{ID: "messages", Name: "Texts", Type: SingleUse, EventNames: []string{"sent"}}},
		{name: "a feature nobody uses changes its type, and loses what the new type has no use for",
			cmd:  EditFeature{ID: "spare", Type: ptrTo(Boolean)},
			want: Feature{ID: "spare", Name: "Spare", Type: Boolean}},
		{name: "metered leaves open how it is used",
			cmd:  EditFeature{ID: "seats", Type: ptrTo(AnyMetered)},
			want: Feature{ID: "seats", Name: "Seats", Type: ContinuousUse}},
		{name: "an old version of a product counts as use", cmd: EditFeature{ID: "messages", Type: ptrTo(ContinuousUse)}, why: ReasonFeatureTypeFixed},
		{name: "a credit system counts as use", cmd: EditFeature{ID: "action", Type: ptrTo(Boolean)}, why: ReasonFeatureTypeFixed},
		{name: "the id stays", cmd: EditFeature{ID: "spare", NewID: "spares"}, why: ReasonFeatureIDFixed},
		{name: "the feature is there", cmd: EditFeature{ID: "nothing"}, why: "feature_not_found"},
		{name: "a credit system does not come to pay for itself",
			cmd: EditFeature{ID: "credits", Credits: &[]CreditCost{{"credits", One}}}, why: ReasonCreditCostOfUnknownFeature},
		{name: "a feature that becomes a credit system does not pay for what it was",
			cmd: EditFeature{ID: "spare", Type: ptrTo(CreditSystem), Credits: &[]CreditCost{{"spare", One}}}, why: ReasonCreditCostOfUnknownFeature},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := DecideEditFeature(featureCatalog(), tt.cmd)
			WantReason(t, err, tt.why)
			if diff := cmp.Diff(tt.want, got); tt.why == "" && diff != "" {
				t.Errorf("feature (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecideDeleteFeature(t *testing.T) {
	t.Parallel()
	for id, why := range map[string]refusal.Reason{
		"spare": "", "credits": "", "nothing": "feature_not_found",
		"messages": ReasonFeatureInUse, // granted by an old version of pro
		"seats":    ReasonFeatureInUse, // it keeps messages per seat
		"action":   ReasonFeatureInUse, // counted by credits
	} {
		WantReason(t, DecideDeleteFeature(featureCatalog(), id), why)
	}
}

func TestCreditCostOf(t *testing.T) {
	t.Parallel()
	got, err := CreditCostOf("action", Int(1000), Int(3))
	WantReason(t, err, "")
	if got.Cost.String() != "0.003" {
		t.Errorf("3 credits for 1000 units cost %s each, want 0.003", got.Cost)
	}
	_, err = CreditCostOf("action", Int(3), One)
	WantReason(t, err, ReasonCreditCostNotExact)
	_, err = CreditCostOf("action", Zero, One)
	WantReason(t, err, ReasonCreditUnitsNotPositive)
}
