package dynamo

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// A field without a name of its own would be stored under its name in Go, and
// of a pointer omitzero would take a zero for nil.
func TestEveryStoredFieldHasAName(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{decimalType: true, timeType: true}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(of.Elem())
		case reflect.Struct:
			if seen[of] {
				return
			}
			seen[of] = true
			for i := range of.NumField() {
				f := of.Field(i)
				name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "" || f.Type.Kind() == reflect.Pointer && options != "omitempty" {
					t.Errorf("%s.%s has the tag %q", of, f.Name, f.Tag)
				}
				walk(f.Type)
			}
		default: // stored as it is
		}
	}
	for _, stored := range []any{billing.Operation{}, billing.Audit{}, billing.Invoice{}, billing.QueuedReward{}, catalog.Feature{}, catalog.Product{},
		catalog.Reward{}, catalog.ReferralProgram{}, catalog.ReferralCode{}, referral.Redemption{}, catalog.Settings{}, app.Outcome{}, usageNote{}} {
		walk(reflect.TypeOf(stored))
	}
}

// The list in keys.go is the overview of the table.
func TestTheListOfTheTableIsWhatIsDeclared(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("keys.go")
	must(t, err)
	columns := regexp.MustCompile(`  +|(\S) (<env>|KEY#|DASHBOARD#)`)
	var listed []string
	for _, line := range regexp.MustCompile(`(?m)^//\t.*(?:<env>#|KEY#|DASHBOARD#).*$`).FindAllString(string(text), -1) {
		parts := columns.Split(columns.ReplaceAllString(strings.TrimPrefix(line, "//\t"), "$1  $2"), -1)
		listed = append(listed, strings.Join(parts[:3], " | "))
	}
	var declared []string
	for _, k := range allKinds() {
		declared = append(declared, k.name+" | "+k.pk+" | "+k.sk)
	}
	for _, line := range declared {
		if !slices.Contains(listed, line) {
			t.Errorf("keys.go: the list lacks %s", line)
		}
	}
	for _, line := range listed {
		if !slices.Contains(declared, line) {
			t.Errorf("keys.go lists %s, which no file declares", line)
		}
	}
}

// A row in the partition of a customer or a catalog is met by those who read it
// whole.
func TestEveryRowOfACustomerOrCatalogIsReadWithIt(t *testing.T) {
	t.Parallel()
	for _, k := range kinds["CUS"] {
		if k.state == nil || k.deleted == nil {
			t.Errorf("%s: say what it adds to the state, and how it is deleted with the customer", k.name)
		}
	}
	for _, k := range kinds["CATALOG"] {
		if k.catalog == nil || k.own == nil || k.without == nil {
			t.Errorf("%s: say what it adds to the catalog, and how it is taken off", k.name)
		}
	}
	for _, k := range allKinds() { // a write there drops the cached catalog
		if k.catalog != nil && partition(k.pk) != "CATALOG" {
			t.Errorf("%s is in another partition than the catalog that it adds to", k.name)
		}
	}
}
