package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

func TestFillBlanks(t *testing.T) {
	t.Parallel()
	meta := func(v string) map[string]any { return map[string]any{"from": v} }
	for _, tt := range []struct {
		name    string
		is      Customer
		said    CustomerData
		want    Customer
		changed bool
	}{
		{"all that is unknown is taken over", Customer{ID: "c"}, CustomerData{"N", "e@x", "f", meta("app"), "", &Address{Country: "DE"}, "", false, ""},
			Customer{ID: "c", Name: "N", Email: "e@x", Fingerprint: "f", Metadata: meta("app"), Address: &Address{Country: "DE"}}, true},
		{"what is known stays", Customer{Name: "N", Email: "e@x", Fingerprint: "f", Metadata: meta("app"), Address: &Address{Country: "DE"}}, CustomerData{"N2", "e2@x", "f2", meta("other"), "", &Address{Country: "FR"}, "", false, ""},
			Customer{Name: "N", Email: "e@x", Fingerprint: "f", Metadata: meta("app"), Address: &Address{Country: "DE"}}, false},
		{"one blank among others", Customer{Name: "N"}, CustomerData{Name: "N2", Email: "e@x"}, Customer{Name: "N", Email: "e@x"}, true},
		{"nothing said changes nothing", Customer{Name: "N"}, CustomerData{}, Customer{Name: "N"}, false},
		{"empty metadata are a blank", Customer{Metadata: map[string]any{}}, CustomerData{Metadata: meta("app")}, Customer{Metadata: meta("app")}, true},
		{"empty metadata say nothing", Customer{}, CustomerData{Metadata: map[string]any{}}, Customer{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.is
			if changed := got.FillBlanks(tt.said); changed != tt.changed {
				t.Errorf("changed = %v", changed)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("customer (-want +got):\n%s", diff)
			}
			if got.FillBlanks(tt.said) {
				t.Error("the second time changes something, too")
			}
		})
	}
}

func TestCustomerData(t *testing.T) {
	t.Parallel()
	for _, d := range []CustomerData{{Name: "N"}, {Email: "e"}, {Fingerprint: "f"}, {Metadata: map[string]any{"k": 1}}} {
		if !d.Given() {
			t.Errorf("%v says something", d)
		}
	}
	if (CustomerData{Metadata: map[string]any{}}).Given() {
		t.Error("nothing is said to be something")
	}
}

// Names are shown on invoices and in lists: in one line, and in the order of
// their letters.
func TestANameIsShownAsItIs(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"Ada Lovelace": true, "Zoë O'Neil-Ångström": true, "عمر": true, "אדה": true, "李雷": true, "\U0001f469\u200d\U0001f4bb": true,
		"Ada\nLovelace": false, "Ada\x00": false, "Ada\u0085": false, "Ada\x7f": false,
		"Ada\u202ealeda": false, "\u200fAda": false, "Ada\u2066x\u2069": false, "\u061cAda": false,
	} {
		if err := (CustomerData{Name: name}).Check(); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
		if problem := catalog.TextProblem(refusal.FieldName, name); (problem == nil) != good {
			t.Errorf("%q in the catalog: %v", name, problem)
		}
	}
}

func TestACustomerIsFiledUnderItsIDOnceItHasOne(t *testing.T) {
	t.Parallel()
	if got := (Customer{InternalID: "cus_1"}).Key(); got != "cus_1" {
		t.Errorf("without id: %s", got)
	}
	if got := (Customer{ID: "u1", InternalID: "cus_1"}).Key(); got != "u1" {
		t.Errorf("with id: %s", got)
	}
}

func TestEmailsAreLookedUpInOneSpelling(t *testing.T) {
	t.Parallel()
	if got := EmailKey("  Jo@X.io\n"); got != "jo@x.io" {
		t.Errorf("got %q", got)
	}
}
