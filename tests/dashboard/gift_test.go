package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

func give(b *dashboard.Browser, customer, reward, reason string) *dashboard.Page {
	b.Helper()
	return b.Get("/dashboard/customers/"+customer).Click("Give Reward").Form("Give reward").Choose("Reward", reward).Fill("Reason", reason).Press("Preview")
}

// A paying customer gets a discount from the next invoice on; a second one queues behind it.
func TestDASH35ADiscountIsGiven(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	b.Get("/dashboard/customers/ada").Click("Give Reward").Says("No rewards yet.")
	w.CustomerWithCard("ada", "pro")
	w.Post("/v1/rewards", Merge(TenPercentOff(), JSON{"id": "ten", "name": "Ten", "discount_config": JSON{"discount_value": 10, "duration_type": "months", "duration_value": 2, "apply_to_all": true}}))
	w.Post("/v1/rewards", Merge(TenPercentOff(), JSON{"id": "half", "name": "Half", "discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}}))
	p := give(b, "ada", "Ten", "She waited <b>long</b>.").Says("Ten takes 10 % off every invoice for 2 months.", "It begins with the invoice of 1 May 2027.", "Nothing is charged today.")
	p.Press("Give Ten").Said("Reward given.")
	p = p.Press("Give Ten").Said("Reward given.") // twice
	if row := p.Row("Rewards", "Ten"); row["State"] != "Running" {
		t.Errorf("reward: %v", row)
	}
	if got := p.Region("Upcoming"); !strings.Contains(got, "pro renews on 1 May 2027 for $18.00") {
		t.Errorf("upcoming: %s", got)
	}
	row := p.Click("Timeline").Table("Timeline")
	found := false
	for _, r := range row[1:] {
		found = found || r[1] == "local" && strings.Contains(r[3], "Reason: She waited <b>long</b>.")
	}
	if !found {
		t.Errorf("the reason is not in the history: %q", row)
	}
	give(b, "ada", "Half", "").Says("Half takes 50 % off one invoice.", "It queues behind Ten").Press("Give Half").Said("Reward given.")
	if rows := b.Get("/dashboard/customers/ada").Table("Rewards"); len(rows) != 3 || rows[2][0] != "Half" || rows[2][1] != "Queued" {
		t.Errorf("rewards: %q", rows)
	}
	w.AdvancePastRenewal(T1)
	w.Billed("ada", 2000, 1800)
	in := b.Get("/dashboard/customers/ada?tab=invoices")
	in = in.Click(in.Table("Invoices")[1][0]).Says("Equal to our own sum")
	if got := in.Row("Lines", "Discounts")["Amount"]; got != "−$2.00" {
		t.Errorf("lines: %q", in.Table("Lines"))
	}
}

// A free product is there at once; credits pay the next invoice, and each movement is shown.
func TestDASH36ProductsAndCreditsAreGiven(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	w.Post("/v1/rewards", JSON{"id": "boost", "name": "Boost", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/rewards", JSON{"id": "thirty", "name": "Thirty", "type": "fixed_discount", "discount_config": JSON{"discount_value": 30, "duration_type": "one_off", "apply_to_all": true, "should_rollover": true}})
	p := give(b, "ada", "Boost", "").Says("booster is enabled at once, free of charge.").Press("Give Boost").Said("Reward given.")
	p.Row("Products", "booster")
	if row := b.Get("/dashboard/redemptions?status=all").Table("Redemptions")[1]; row[2] != "Given without a code" {
		t.Errorf("redemption: %q", row)
	}
	p = give(b, "ada", "Thirty", "").Says("$30.00 of credits pay the next invoices.", "They are used from the invoice of 1 May 2027.").Press("Give Thirty").Said("Reward given.")
	if row := p.Row("Credits", "Thirty"); row["Granted"] != "$30.00" || row["Left"] != "$30.00" || row["Used"] != "$0.00" {
		t.Errorf("credits: %v", row)
	}
	w.AdvancePastRenewal(T1)
	p = b.Get("/dashboard/customers/ada")
	if row := p.Row("Credits", "Thirty"); row["Left"] != "$10.00" || row["Used"] != "$20.00" || row["Expired"] != "$0.00" {
		t.Errorf("credits: %v", row)
	}
	move := p.Table("Credit movements")[1]
	if move[3] != "$20.00" {
		t.Errorf("movement: %q", move)
	}
	all := w.Invoices("ada")
	if paid := all[len(all)-1]; move[2] != paid.Number {
		t.Errorf("movement of %s, want %s", move[2], paid.Number)
	} else {
		p.Click(move[2]).Titled("Invoice " + paid.Number)
	}
}

// A balance is set by hand, with a reason.
func TestDASH37ABalanceIsChanged(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.Track("ada", "messages", 30)
	p := b.Get("/dashboard/customers/ada")
	if row := p.Row("Balances", "messages"); row["Left"] != "70" || row["Used"] != "30" || row["Granted"] != "100" {
		t.Errorf("balance: %v", row)
	}
	if !p.Has("meter", "messages used") {
		t.Error("there is no meter")
	}
	f := p.Click("Change Balance").Form("Change balance").Choose("Feature", "messages")
	f.Press("Save balance").Refused(http.StatusUnprocessableEntity, "Left: Enter how much is left.")
	f.Fill("Left", "x").Press("Save balance").Refused(http.StatusUnprocessableEntity, "“x” is not a number.")
	f.Fill("Left", strings.Repeat("9", 40)).Press("Save balance").Refused(http.StatusBadRequest, "is too large or too fine")
	p = f.Fill("Left", "1,000.5").Fill("Reason", "An outage.").Press("Save balance").Said("Saved.")
	if row := p.Row("Balances", "messages"); row["Left"] != "1,000.5" {
		t.Errorf("balance: %v", row)
	}
	if row := p.Click("Timeline").Table("Timeline")[1]; row[1] != "local" || !strings.HasSuffix(row[3], "Reason: An outage.") || !strings.Contains(row[2], "balance of messages: 70 → 1000.5") {
		t.Errorf("timeline: %q", row)
	}
}

// A viewer sees and previews all, and changes nothing.
func TestDASH38AViewerOfCustomers(t *testing.T) {
	t.Parallel()
	w, _ := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	b := userOf(t, w, "vera@example.com", app.Viewer)
	p := b.Get("/dashboard/customers")
	if p.Href("Create Customer") != "" || p.Href("Import CSV") != "" {
		t.Error("a viewer is offered a form")
	}
	p = b.Get("/dashboard/customers/ada")
	if p.Href("Edit details") != "" || p.Href("Change Balance") != "" {
		t.Error("a viewer is offered a form")
	}
	before := w.Stack.Tables()
	p = preview(b, "ada", "premium", "Charge the card on file").Says("You are a viewer: an editor can do this.", "premium is enabled at once")
	if p.Has("button", "Enable premium and charge $30.00") {
		t.Error("a viewer can confirm")
	}
	b.Get("/dashboard/customers/ada").Click("Cancel pro").Form("Cancel pro").Press("Preview").Says("pro ends on 1 May 2027.")
	f := b.Get("/dashboard/customers/ada/enable").Form("Enable product")
	csrf := f.Values.Get("csrf")
	for _, path := range []string{"/dashboard/customers/new", "/dashboard/customers/ada/edit", "/dashboard/customers/ada/balance", "/dashboard/customers/ada/products/x/continue"} {
		b.Post(path, map[string][]string{"csrf": {csrf}, "opened_in": {"sandbox"}, "name": {"x"}, "id": {"x"}}).Refused(http.StatusForbidden, "You are a viewer")
	}
	if strings.Count(before, "\n") == 0 || !strings.Contains(w.Stack.Tables(), "ada") {
		t.Error("the table is empty")
	}
	w.Billed("ada", 2000)
}
