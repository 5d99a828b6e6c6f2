package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	trial := &FreeTrial{Length: 7, Duration: Day}
	product := func(id, group string, change ...func(*Product)) Product {
		p := Product{ID: id, Group: group, Default: true, Version: 1}
		for _, c := range change {
			c(&p)
		}
		return p
	}
	tries := func(p *Product) { p.Trial = trial }
	plain := func(p *Product) { p.Default = false }
	archived := func(p *Product) { p.Archived = true }
	addOn := func(p *Product) { p.AddOn = true }
	second := func(p *Product) { p.Version = 2 }

	for _, tt := range []struct {
		name     string
		products []Product
		want     []string
	}{
		{"nothing is offered", nil, nil},
		{"none is a default", []Product{product("pro", "main", plain)}, nil},
		{"one for each group, by id", []Product{product("z", "a"), product("b", "main"), product("c", "")}, []string{"b", "c", "z"}},
		{"of two in a group the first by id", []Product{product("b", "main"), product("a", "main"), product("c", "main")}, []string{"a"}},
		{"a trial is the better start", []Product{product("a", "main"), product("z", "main", tries), product("b", "main")}, []string{"z"}},
		{"of two trials the first by id", []Product{product("z", "main", tries), product("y", "main", tries)}, []string{"y"}},
		{"what is archived is not given", []Product{product("a", "main", archived), product("b", "main")}, []string{"b"}},
		{"an add-on is no start", []Product{product("a", "main", addOn)}, nil},
		{"the latest version says whether it is a default", []Product{product("a", "main"), product("a", "main", second, plain)}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := &Catalog{Products: map[string][]Product{}}
			for _, p := range tt.products {
				c.Products[p.ID] = append(c.Products[p.ID], p)
			}
			for range 20 { // a map has no order of its own
				var got []string
				for _, p := range c.Defaults() {
					got = append(got, p.ID)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Fatalf("defaults (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A trial is the better start, and nothing to come back to.
func TestFallbacksCostNothing(t *testing.T) {
	t.Parallel()
	c := Shop()
	c.Products["a_trial"] = []Product{Tried(AsDefault(OfItems("a_trial", "main", Fee("pr_a", "20", Monthly))), TrialWeek(false, false))}
	c.Products["paid"] = []Product{Tried(AsDefault(OfItems("paid", "g1", Fee("pr_b", "20", Monthly))), TrialWeek(false, false))}
	for name, got := range map[string][]Product{"a_trial paid": c.Defaults(), "free": c.Fallbacks()} {
		var ids []string
		for _, p := range got {
			ids = append(ids, p.ID)
		}
		if strings.Join(ids, " ") != name {
			t.Errorf("got %v, want %s", ids, name)
		}
	}
}

func TestProductVersions(t *testing.T) {
	t.Parallel()
	c := &Catalog{Products: map[string][]Product{"pro": {{ID: "pro", Version: 1}, {ID: "pro", Version: 3}}}}
	for _, tt := range []struct {
		name    string
		id      string
		version int
		want    int
		why     refusal.Reason
	}{
		{"the latest", "pro", 0, 3, ""},
		{"an old one", "pro", 1, 1, ""},
		{"one that never was", "pro", 2, 0, "version_not_found"},
		{"of nothing", "gone", 0, 0, "product_not_found"},
		{"an old one of nothing", "gone", 1, 0, "version_not_found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.ProductVersion(tt.id, tt.version)
			if WantReason(t, err, tt.why); got.Version != tt.want {
				t.Errorf("got version %d", got.Version)
			}
		})
	}
}

func TestFeaturesListenToEvents(t *testing.T) {
	t.Parallel()
	c := &Catalog{Features: map[string]Feature{
		"storage": {ID: "storage", EventNames: []string{"job", "upload"}},
		"action":  {ID: "action", EventNames: []string{"run", "job"}},
		"deaf":    {ID: "deaf"},
	}}
	for event, want := range map[string][]string{"job": {"action", "storage"}, "upload": {"storage"}, "nothing": nil, "": nil} {
		var got []string
		for _, f := range c.Listening(event) {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", event, diff)
		}
	}
}
