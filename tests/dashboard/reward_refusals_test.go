package dashboard_test

import (
	"fmt"
	"net/http"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// What can never pay out, or makes no sense, is refused at its field with the reason, and what was typed stays.
func TestDASH58RewardsThatCanNeverPayOut(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.Post("/v1/products", JSON{"id": "pro", "name": "Pro", "items": []JSON{Price(20)}})
	start := func(kind string) *dashboard.Form {
		return b.Get("/dashboard/products/rewards/new").Form("New reward").Fill("Name", "Typed").Choose("Type", kind)
	}
	const unprocessable = http.StatusUnprocessableEntity
	for name, c := range map[string]struct {
		kind   string
		fill   func(*dashboard.Form)
		status int
		want   string
	}{
		"no name":           {"Fixed discount", func(f *dashboard.Form) { f.Fill("Name", " ").Fill("Discount value", "5") }, unprocessable, "Enter a name."},
		"no value":          {"Fixed discount", func(f *dashboard.Form) {}, unprocessable, "Enter how much is taken off, such as 20."},
		"no number":         {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "a lot") }, unprocessable, "“a lot” is no number: write one such as 20 or 9.99."},
		"nothing off":       {"Percentage discount", func(f *dashboard.Form) { f.Fill("Discount value", "0") }, http.StatusBadRequest, ""},
		"more than all":     {"Percentage discount", func(f *dashboard.Form) { f.Fill("Discount value", "101") }, http.StatusBadRequest, "100"},
		"finer than a cent": {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "1.005") }, http.StatusBadRequest, ""},
		"no months":         {"Percentage discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Choose("Duration", "Months") }, unprocessable, "Enter for how many months."},
		"months of another": {"Percentage discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Fill("Number of months", "3") }, unprocessable, "A number of months is for the duration Months alone: leave it blank."},
		"half a month": {"Percentage discount", func(f *dashboard.Form) {
			f.Fill("Discount value", "10").Choose("Duration", "Months").Fill("Number of months", "0.5")
		}, unprocessable, "Number of months: “0.5” is no whole number of at least 1."},
		"rollover of percent": {"Percentage discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Check("Rollover credits to the next invoice") }, http.StatusBadRequest, ""},
		"rollover for months": {"Fixed discount", func(f *dashboard.Form) {
			f.Fill("Discount value", "10").Choose("Duration", "Forever").Check("Rollover credits to the next invoice")
		}, http.StatusBadRequest, ""},
		"of no price": {"Fixed discount", func(f *dashboard.Form) {
			f.Fill("Discount value", "10").Choose("Applies to", "Selected products and prices")
		}, unprocessable, "Choose at least one price: a reward for none can never take anything off."},
		"of all and one":       {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Check("Pro: base price") }, unprocessable, "Some prices are chosen, but the reward applies to all products"},
		"no add-on":            {"Free product", func(f *dashboard.Form) {}, unprocessable, "Create an add-on product first."},
		"rule without a code":  {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Check("First-time customers only") }, unprocessable, "First-time customers only is a rule of the promo code: enter one, or leave this off."},
		"a code that is none":  {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Fill("Promo code", "10 % off") }, http.StatusBadRequest, ""},
		"a reserved id":        {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Fill("ID", "explain") }, http.StatusBadRequest, "explain"},
		"no redemption at all": {"Fixed discount", func(f *dashboard.Form) { f.Fill("Discount value", "10").Fill("Maximum redemptions", "0") }, unprocessable, "Maximum redemptions: “0” is no whole number of at least 1."},
	} {
		form := start(c.kind)
		c.fill(form)
		p := form.Press("Create")
		if p.Status != c.status {
			t.Errorf("%s: %d %s", name, p.Status, p.Alert())
			continue
		}
		p.Refused(c.status, c.want)
		if got := p.Form("New reward").Value("Discount value"); got != form.Value("Discount value") {
			t.Errorf("%s: %q was typed, and %q is left", name, form.Value("Discount value"), got)
		}
	}
	w.Want("rewards", w.Get("/v1/rewards")["list"], []any{})
	b.Get("/dashboard/products/rewards/new").Says("Create an add-on product first.")
}

// Names that look like markup are names, an id is made of any, and an id that is taken is refused.
func TestDASH59HostileNames(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	const name = `<b>"Sale" & 'more'</b>`
	for range 2 {
		newReward(b).Fill("Name", name).Fill("Discount value", "5").Press("Create").Said("Reward created.")
	}
	list := b.Get("/dashboard/products?tab=rewards")
	w.Want("ids", []any{list.Table("Rewards")[1][:2], list.Table("Rewards")[2][:2]}, []any{[]string{name, "b_sale_more_b_2"}, []string{name, "b_sale_more_b"}})
	b.Get("/dashboard/products/rewards/b_sale_more_b").Titled(name)
	b.Get("/dashboard/codes/new").Form("New code").Choose("Reward", name+" (b_sale_more_b)")
	newReward(b).Fill("Name", "new").Fill("ID", "new").Fill("Discount value", "5").Press("Create").Said("Reward created.")
	b.Get("/dashboard/products?tab=rewards").Click("new").Titled("new").Click("Edit reward").Titled("Edit reward")
	p := newReward(b).Fill("Name", "Another").Fill("ID", "new").Fill("Discount value", "5").Press("Create")
	if p.Status != http.StatusBadRequest || p.Form("New reward").Value("Name") != "Another" {
		t.Errorf("an id that is taken: %d %s", p.Status, p.Alert())
	}
}

// A list has fifty rows, newest first, and leads to the rows before and after.
func TestDASH69ListsHavePages(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	for n := range 120 {
		w.Post("/v1/rewards", TenPercentOff(JSON{"id": fmt.Sprintf("r%03d", n), "promo_codes": []JSON{{"code": fmt.Sprintf("C%03d", n)}}}))
	}
	for address, caption := range map[string]string{"/dashboard/products?tab=rewards": "Rewards", "/dashboard/codes": "Codes"} {
		column := map[string]int{"Rewards": 1, "Codes": 0}[caption]
		prefix := map[string]string{"Rewards": "r", "Codes": "C"}[caption]
		p := b.Get(address)
		for _, page := range [][2]int{{119, 50}, {69, 50}, {19, 20}} {
			rows := p.Table(caption)[1:]
			w.Want(caption, []any{len(rows), rows[0][column]}, []any{page[1], fmt.Sprintf("%s%03d", prefix, page[0])})
			if page[0] > 49 {
				p = p.Click("Next")
			}
		}
		p = p.Click("Previous")
		w.Want(caption+" before", p.Table(caption)[1][column], prefix+"069")
		p = p.Click("Previous")
		w.Want(caption+" first", []any{p.Table(caption)[1][column], p.Href("Previous")}, []any{prefix + "119", ""})
		if p.Requests > dashboard.MaxRequests {
			t.Errorf("%s: %d requests", caption, p.Requests)
		}
	}
}
