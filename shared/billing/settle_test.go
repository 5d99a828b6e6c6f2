package billing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// paid is what Stripe answers to a subscription.
func paid() Results {
	return Results{CustomerID: "cus_S", SubscriptionID: "sub_1", Period: Period{Start: April, End: May},
		Invoice: &Invoice{StripeID: "in_1", Status: "paid", Total: 2000}}
}

// settles decides and settles a purchase on 1 April, and saves it.
func settles(t *testing.T, s AttachState, r Results, how func(*Attach), ids ...string) (Settlement, AttachState) {
	t.Helper()
	op := Operation{ID: "op_1", Command: "attach", Actor: "am_sk_test", Decision: decideFor(t, s, how, ids...)}
	done := op.Settle(s.State, s.Catalog, r, April)
	s.State = saved(s.State, done)
	return done, s
}

func TestAPaidProductReplacesTheFreeOne(t *testing.T) {
	t.Parallel()
	done, after := settles(t, customerOf(withCard, holding("free"), used("messages", "20")), paid(), nil, "pro")
	want := []CustomerProduct{
		{ID: "cp_free", ProductID: "free", Version: 1, Group: "main", Status: Expired, StartsAt: April, EndsAt: April, Quantity: 1},
		{ID: "cp_op_1_0", ProductID: "pro", Version: 1, Group: "main", Status: Active, StartsAt: April, Quantity: 1,
			SubscriptionID: "sub_1", Period: Period{Start: April, End: May}, CreatedBy: "op_1"},
	}
	if diff := cmp.Diff(want, done.Products, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if got := left(after.State, "messages", April); got != "500" {
		t.Errorf("messages left: %s", got)
	}
	if !after.Balances["dashboard"].Has(April) {
		t.Error("pro comes with the dashboard")
	}
	audit := Audit{At: April, Actor: "am_sk_test", Action: "attach", Rule: "main_is_free", Why: "The card on file is charged and the product starts at once.",
		Started: []string{"pro"}, Ended: []string{"free"}, Amount: 2000,
		Lines:    []Line{{Description: "PRO", ItemID: "pr_pro", ProductID: "pro", Quantity: One, Amount: 2000, Recurring: true}},
		Currency: "usd", OperationID: "op_1",
		Stripe: map[string]string{"customer": "cus_S", "subscription": "sub_1", "invoice": "in_1"}}
	if diff := cmp.Diff(audit, done.Audit); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if done.Customer.StripeID != "cus_S" || done.Invoice.StripeID != "in_1" {
		t.Errorf("customer at Stripe %q, invoice %v", done.Customer.StripeID, done.Invoice)
	}
}

func TestOtherGroupsAndAddOnsAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("free"), holding("g2_free"), holding("booster"), holding("addon_words"), used("words", "50"))
	done, after := settles(t, s, paid(), nil, "pro")
	for _, cp := range done.Products {
		if cp.ID != "cp_free" && cp.ProductID != "pro" {
			t.Errorf("%s was touched", cp.ID)
		}
	}
	for feature, want := range map[string]string{"messages": "600", "words": "150", "seats": "10"} {
		if got := left(after.State, feature, April); got != want {
			t.Errorf("%s left: %s, want %s", feature, got, want)
		}
	}
}

func TestAnAddOnOfTheGroupReplacesNothing(t *testing.T) {
	t.Parallel()
	done, _ := settles(t, customerOf(withCard, holding("pro")), paid(), nil, "addon_words")
	if len(done.Products) != 1 || done.Products[0].ProductID != "addon_words" || len(done.Audit.Ended) != 0 {
		t.Errorf("rows %v, ended %v", done.Products, done.Audit.Ended)
	}
}

func TestAOneOffOfTheGroupReplacesNothing(t *testing.T) {
	t.Parallel()
	done, after := settles(t, customerOf(withCard, holding("pro")), Results{}, nil, "setup")
	if len(done.Products) != 1 || done.Products[0].ProductID != "setup" || after.ActivePlan(after.Catalog, "main", April).ProductID != "pro" {
		t.Errorf("rows %v", done.Products)
	}
}

// What another process begins while Stripe is asked counts: a settlement works
// on the customer as it stands then.
func TestUsageGoesOnWhileStripeIsAsked(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("g1_pro"))
	op := Operation{ID: "op_1", Decision: decideFor(t, s, nil, "g2_pro")}
	used("words", "4")(&s)
	after := saved(s.State, op.Settle(s.State, s.Catalog, paid(), April))
	if got := left(after, "words", April); got != "6" {
		t.Errorf("words left: %s", got)
	}
}

func TestAOneOffBoughtAgainAddsToTheSameEntry(t *testing.T) {
	t.Parallel()
	_, s := settles(t, customerOf(withCard), Results{}, quantity("messages", "300"), "topup")
	used("messages", "120")(&s)
	before := s.Products[0].Quantities[0].Quantity
	done, after := settles(t, s, Results{}, quantity("messages", "250"), "topup")
	if len(done.Products) != 1 || len(after.Products) != 1 {
		t.Fatalf("%d rows saved, %d held", len(done.Products), len(after.Products))
	}
	row := after.Products[0]
	if row.ID != "cp_op_1_0" || row.Quantity != 2 || len(row.Quantities) != 1 || !row.Quantities[0].Quantity.Equal(Dec("550")) {
		t.Errorf("the entry is %+v", row)
	}
	if got := left(after.State, "messages", April); got != "630" { // 500 and 250, less 120
		t.Errorf("messages left: %s", got)
	}
	if !s.Products[0].Quantities[0].Quantity.Equal(before) {
		t.Error("settling changed the state it was given")
	}
}

func TestAFreeAddOnAddedAgainAddsToTheSameEntry(t *testing.T) {
	t.Parallel()
	_, after := settles(t, customerOf(holding("booster")), Results{}, nil, "booster")
	if len(after.Products) != 1 || after.Products[0].Quantity != 2 || left(after.State, "messages", April) != "200" {
		t.Errorf("held %v, %s left", after.Products, left(after.State, "messages", April))
	}
	if got := left(after.State, "messages", May); got != "200" {
		t.Errorf("a month later %s are left", got)
	}
}

func TestAnEntryThatIsOverIsNotAddedTo(t *testing.T) {
	t.Parallel()
	over := func(cp *CustomerProduct) { cp.Status, cp.EndsAt = Expired, April }
	_, after := settles(t, customerOf(holding("booster", over)), Results{}, nil, "booster")
	if len(after.Products) != 2 || left(after.State, "messages", April) != "100" {
		t.Errorf("held %v, %s left", after.Products, left(after.State, "messages", April))
	}
}

func TestQuantitiesComeFromThePage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		buys  string
		how   func(*Attach)
		packs map[string]int64
		want  string
		price Decimal
		paid  Amount
	}{
		{"what was chosen there", "topup", nil, map[string]int64{"pr_topup": 2}, "500", Dec("500"), 1800},
		{"what was asked for is replaced", "pro_prepaid", quantity("messages", "300"), map[string]int64{"pr_prepaid_m": 7}, "700", Dec("700"), 9000},
		{"what could not be changed stays as asked for", "pro_prepaid", quantity("messages", "250"), nil, "300", Dec("250"), 5000},
		{"a quantity of a base price means nothing", "pro_prepaid", quantity("messages", "300"), map[string]int64{"pr_prepaid": 7}, "300", Dec("300"), 5000},
		{"none was chosen", "pro_prepaid", quantity("messages", "300"), map[string]int64{"pr_prepaid_m": 0}, "0", Zero, 2000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := paid()
			r.Quantities = tt.packs
			done, after := settles(t, customerOf(), r, tt.how, tt.buys)
			if got := left(after.State, "messages", April); got != tt.want {
				t.Errorf("messages left: %s, want %s", got, tt.want)
			}
			if row := after.Products[0]; len(row.Quantities) != 1 || !row.Quantities[0].Quantity.Equal(tt.price) {
				t.Errorf("options %v, want %s", row.Quantities, tt.price)
			}
			if done.Audit.Amount != tt.paid || Total(done.Audit.Lines) != tt.paid {
				t.Errorf("the audit says %d, %s; want %d", done.Audit.Amount, done.Audit.Arithmetic(), tt.paid)
			}
		})
	}
}

func TestATrialIsUsedUpWhenItBegins(t *testing.T) {
	t.Parallel()
	ends := April.AddDate(0, 0, 7).Add(time.Minute) // Stripe counts from the moment of payment
	r := paid()
	r.TrialEnds = ends
	s := customerOf(withCard, hasTried("pro_month"))
	s.Customer.Fingerprint = "device"
	done, after := settles(t, s, r, nil, "pro_trial")
	if diff := cmp.Diff(map[string]time.Time{"pro_month": April, "pro_trial": April}, done.Customer.TrialsUsed); diff != "" {
		t.Errorf("trials used (-want +got):\n%s", diff)
	}
	if len(s.Customer.TrialsUsed) != 1 {
		t.Error("settling changed the state it was given")
	}
	if diff := cmp.Diff([]TrialClaim{{"device", "pro_trial"}}, done.Trials); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	row := after.Products[0]
	if !row.TrialEnds.Equal(ends) || row.At(April) != Trialing || row.At(ends) != Active {
		t.Errorf("the product is %+v", row)
	}
	if got := after.Balances["messages"].Grants[0].ResetsAt; !got.Equal(ends) {
		t.Errorf("the allowance comes back %s", got)
	}
}

func TestATrialClaimsADeviceOnlyWhereItCan(t *testing.T) {
	t.Parallel()
	device := func(s *AttachState) { s.Customer.Fingerprint = "device" }
	for _, tt := range []struct {
		name   string
		s      AttachState
		buys   string
		how    func(*Attach)
		claims int
		tried  int
	}{
		{"an unknown device", customerOf(withCard), "pro_trial", nil, 0, 1},
		{"a trial that is not for each device", customerOf(withCard, device), "pro_month", nil, 0, 1},
		{"no trial", customerOf(withCard, device), "pro_trial", declinesTrial, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			done, _ := settles(t, tt.s, paid(), tt.how, tt.buys)
			if len(done.Trials) != tt.claims || len(done.Customer.TrialsUsed) != tt.tried {
				t.Errorf("claims %v, used %v", done.Trials, done.Customer.TrialsUsed)
			}
		})
	}
}

func TestNewCustomersBeginWithTheDefaults(t *testing.T) {
	t.Parallel()
	c := Shop()
	trial := Tried(AsDefault(OfItems("start", "g2", Fee("pr_start", "20", Monthly), Allowance("pr_start_s", "words", "5", Monthly))), TrialWeek(false, false))
	c.Products["start"] = []Product{trial}
	done := NewCustomerOf(c, CreateCustomer{ID: "ada", InternalID: "cus_01", Data: CustomerData{Name: "Ada", Email: "ada@x.io"}, StripeID: "cus_S", Actor: "am_sk_test", Now: April})
	ends := April.AddDate(0, 0, 7)
	want := []CustomerProduct{
		{ID: "cp_01_0", ProductID: "free", Version: 1, Group: "main", Status: Active, Quantity: 1, StartsAt: April},
		{ID: "cp_01_1", ProductID: "start", Version: 1, Group: "g2", Status: Active, Quantity: 1, StartsAt: April, TrialEnds: ends, EndsAt: ends},
	}
	if diff := cmp.Diff(want, done.Products, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("products (-want +got):\n%s", diff)
	}
	s := done.State()
	if s.Customer.StripeID != "cus_S" || s.Customer.Version != 1 || s.Customer.Name != "Ada" || !s.Customer.CreatedAt.Equal(April) {
		t.Errorf("customer %+v", s.Customer)
	}
	if s.Balances["messages"].Version != 1 || left(s, "messages", April) != "100" || left(s, "words", April) != "5" || left(s, "words", ends) != "0" {
		t.Errorf("balances %+v", s.Balances)
	}
	if done.Audit.Action != "create" || done.Audit.Amount != 0 {
		t.Errorf("audit %+v", done.Audit)
	}
}
