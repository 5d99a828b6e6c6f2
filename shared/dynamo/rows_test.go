package dynamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

var may = time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)

func dec(s string) money.Decimal {
	d, err := money.StoredDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

func decp(s string) *money.Decimal { d := dec(s); return &d }

// monthly is what a free product gives of a feature.
func monthly(id, n string, change ...func(*entitlement.Grant)) entitlement.Grant {
	holder, _, _ := strings.Cut(id, "/")
	g := entitlement.Grant{ID: id, CustomerProductID: holder, ProductID: "free", Since: april, From: april, Included: dec(n),
		Cycle: money.Cycle{Interval: money.Month, Count: 1}, Anchor: april, ResetsAt: may}
	for _, c := range change {
		c(&g)
	}
	return g
}

// The stored form is a contract with the data already stored, too.
func TestTheFormOfABalanceRowNeverChanges(t *testing.T) {
	t.Parallel()
	plain := monthly("cp_01J_0/pr_01K_0", "100", func(g *entitlement.Grant) { g.Used = dec("20.5") })
	all := entitlement.Grant{ID: "cp_2/pr_2", CustomerProductID: "cp_2", ProductID: "pro", AddOn: true, Since: april, From: april, Until: may,
		Included: dec("1"), Prepaid: dec("2"), Used: dec("3"), Unlimited: true, Boolean: true, Overage: true, UsageLimit: decp("4"),
		ResetUsage: true, Suspended: true, Cycle: money.Cycle{Interval: money.Week, Count: 2}, Anchor: may, ResetsAt: may}
	got := balanceRow(env, "ada", entitlement.Balance{FeatureID: "messages", Version: 6, Grants: []entitlement.Grant{plain, all}}, april)
	want := `{"PK":"sandbox#CUS#ada","SK":"BALANCE#messages","g":[` +
		`{"c":"month","f":1806537600000,"i":"cp_01J_0/pr_01K_0","n":100,"p":"free","r":1809129600000,"u":20.5},` +
		`{"a":1809129600000,"ad":true,"b":2,"bo":true,"c":"2 week","f":1806537600000,"i":"cp_2/pr_2","li":4,"n":1,"ov":true,"p":"pro",` +
		`"r":1809129600000,"rs":true,"su":true,"t":1809129600000,"u":3,"ul":true}],` +
		`"giveback":true,"head":0,"room":79.5,"spent":20.5,"upto":1809129600000,"v":1,"ver":7}`
	if text := plainJSON(got); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	seats := entitlement.Grant{ID: "cp_3/pr_3", CustomerProductID: "cp_3", ProductID: "team", Since: april, From: april, Included: dec("1"), Used: dec("3"),
		Overage: true, Anchor: april, Seats: true, Paid: dec("2"), PaidFor: money.Period{Start: april, End: may}}
	ahead := entitlement.UnbilledUsage{GrantID: "cp_3/pr_3", Period: money.Period{Start: april, End: may}, Units: dec("2"), Ahead: true}
	got = balanceRow(env, "ada", entitlement.Balance{FeatureID: "seats", Grants: []entitlement.Grant{seats}, Closed: []entitlement.UnbilledUsage{ahead}}, april)
	want = `{"PK":"sandbox#CUS#ada","SK":"BALANCE#seats","closed":[{"ah":true,"f":1806537600000,"i":"cp_3/pr_3","t":1809129600000,"u":2}],"g":[` +
		`{"f":1806537600000,"i":"cp_3/pr_3","n":1,"ov":true,"p":"team","pd":2,"pf":1806537600000,"pt":1809129600000,"se":true,"u":3}],` +
		`"upto":253370764800000,"v":1,"ver":1}`
	if text := plainJSON(got); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// plainJSON writes a row with bare values.
func plainJSON(r row) string {
	var value func(types.AttributeValue) any
	value = func(v types.AttributeValue) any {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			return v.Value
		case *types.AttributeValueMemberN:
			return json.Number(v.Value)
		case *types.AttributeValueMemberBOOL:
			return v.Value
		case *types.AttributeValueMemberL:
			list := []any{}
			for _, e := range v.Value {
				list = append(list, value(e))
			}
			return list
		case *types.AttributeValueMemberM:
			m := map[string]any{}
			for k, e := range v.Value {
				m[k] = value(e)
			}
			return m
		}
		panic(fmt.Sprintf("a row has no %T", v))
	}
	text, err := json.Marshal(value(&types.AttributeValueMemberM{Value: r}))
	if err != nil {
		panic(err)
	}
	return string(text)
}

// A track writes one unit up to 1 KB, so balances are kept small.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func TestBalanceRowsAreSmall(t *testing.T) {
	t.Parallel()
	var grants []entitlement.Grant
	for i := range 4 {
		id := fmt.Sprintf("cp_01JQZ8W5M3T7K2XGVB9DNRFY4%d_0/pr_01JQZ8W5M3T7K2XGVB9DNRFY4C_%d", i, i)
		grants = append(grants, monthly(id, "500", func(g *entitlement.Grant) {
			g.ProductID, g.Used, g.ResetUsage, g.Prepaid, g.UsageLimit = "pro_prepaid", dec("123.456789"), true, dec("1000"), decp("5000")
		}))
	}
	for _, tt := range []struct{ grants, most int }{{0, 150}, {1, 400}, {2, 600}, {4, 1024}} {
		b := entitlement.Balance{FeatureID: "messages", Version: 123456, Grants: grants[:tt.grants]}
		if got := size(balanceRow(env, "user_01JQZ8W5M3T7K2XGVB9DNRFY4C", b, april)); got > tt.most {
			t.Errorf("%d grants are %d bytes, want at most %d", tt.grants, got, tt.most)
		}
	}
}

// size is what DynamoDB counts.
func size(r row) (n int) {
	var of func(types.AttributeValue) int
	of = func(v types.AttributeValue) int {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			return len(v.Value)
		case *types.AttributeValueMemberN:
			return (len(v.Value)+1)/2 + 2
		case *types.AttributeValueMemberL:
			n := 3
			for _, e := range v.Value {
				n += 1 + of(e)
			}
			return n
		case *types.AttributeValueMemberM:
			return 3 + len(v.Value) + size(v.Value)
		}
		return 1
	}
	for name, v := range r {
		n += len(name) + of(v)
	}
	return n
}

var loosely = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b money.Decimal) bool { return a.Equal(b) })}

func anyTime(t *rapid.T, name string) time.Time {
	if rapid.Bool().Draw(t, name+" is set") {
		return time.UnixMilli(rapid.Int64Range(1, 4e12).Draw(t, name)).UTC()
	}
	return time.Time{}
}

func anyDecimal(t *rapid.T, name string) money.Decimal {
	return dec(rapid.StringMatching(`(0|[1-9][0-9]{0,17})(\.[0-9]{1,15})?`).Draw(t, name))
}

func TestBalancesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := entitlement.Balance{FeatureID: rapid.StringMatching(`[a-z_-]{1,20}`).Draw(t, "feature"), Version: rapid.Int64Range(0, 1e12).Draw(t, "version")}
		for i := range rapid.IntRange(0, 4).Draw(t, "grants") {
			g := monthly(fmt.Sprintf("cp_%d/pr_%d", i, i), "0", func(g *entitlement.Grant) {
				g.Included, g.Prepaid, g.Used = anyDecimal(t, "included"), anyDecimal(t, "prepaid"), anyDecimal(t, "used")
				g.From, g.Until, g.ResetsAt = april.Add(time.Duration(i)*time.Millisecond), anyTime(t, "until"), anyTime(t, "resets")
				g.Since, g.Anchor = g.From, rapid.SampledFrom([]time.Time{g.From, may}).Draw(t, "anchor")
				g.Cycle = rapid.SampledFrom([]money.Cycle{{}, {Interval: money.Month, Count: 1}, {Interval: money.SemiAnnual, Count: 3}, {Interval: money.Minute, Count: 90}}).Draw(t, "cycle")
				for _, f := range []*bool{&g.AddOn, &g.Unlimited, &g.Boolean, &g.Overage, &g.ResetUsage, &g.Suspended} {
					*f = rapid.Bool().Draw(t, "flag")
				}
				if g.Seats = rapid.Bool().Draw(t, "seats"); g.Seats {
					g.Paid, g.PaidFor = anyDecimal(t, "paid"), money.Period{Start: anyTime(t, "paid from"), End: anyTime(t, "paid to")}
				}
				if rapid.Bool().Draw(t, "limited") {
					limit := anyDecimal(t, "limit")
					g.UsageLimit = &limit
				}
			})
			b.Grants = append(b.Grants, g)
		}
		for range rapid.IntRange(0, 2).Draw(t, "closed") {
			b.Closed = append(b.Closed, entitlement.UnbilledUsage{GrantID: "cp_0/pr_0", Units: anyDecimal(t, "units"), Ahead: rapid.Bool().Draw(t, "ahead"), Less: money.Amount(rapid.IntRange(0, 999).Draw(t, "less")),
				Period: money.Period{Start: anyTime(t, "closed from"), End: anyTime(t, "closed to")}})
		}
		got, err := readBalance(balanceRow(env, "a#b", b, april))
		if err != nil {
			t.Fatal(err)
		}
		b.Version++
		if diff := cmp.Diff(b, got, loosely); diff != "" {
			t.Fatalf("balance (-written +read):\n%s", diff)
		}
	})
}

func TestCustomerProductsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z_#é]{0,9}`)
		p := billing.CustomerProduct{
			ID: "cp_" + text.Draw(t, "id"), ProductID: text.Draw(t, "product"), Version: rapid.IntRange(0, 99).Draw(t, "version"),
			Group: text.Draw(t, "group"), AddOn: rapid.Bool().Draw(t, "add-on"), Quantity: rapid.IntRange(0, 9).Draw(t, "quantity"),
			Status:   rapid.SampledFrom([]billing.Status{billing.Active, billing.Scheduled, billing.PastDue, billing.Expired}).Draw(t, "status"),
			StartsAt: anyTime(t, "start"), CanceledAt: anyTime(t, "canceled"), EndsAt: anyTime(t, "end"), TrialEnds: anyTime(t, "trial"),
			Period: money.Period{Start: anyTime(t, "from"), End: anyTime(t, "to")}, SubscriptionID: text.Draw(t, "subscription"), CreatedBy: text.Draw(t, "operation"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "options") {
			p.Quantities = append(p.Quantities, catalog.Quantity{FeatureID: text.Draw(t, "feature"), Quantity: anyDecimal(t, "units")})
		}
		if rapid.Bool().Draw(t, "custom") {
			p.Custom = &catalog.Product{ID: "own", Items: []catalog.Item{{ID: "pr", Price: decp("0.1"), Tiers: []catalog.Tier{{Amount: anyDecimal(t, "amount")}}}}}
		}
		got, err := readHeld(heldRow(env, "ada", p))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, got, loosely); diff != "" {
			t.Fatalf("customer product (-written +read):\n%s", diff)
		}
	})
}

func TestCustomersAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z@_#é ]{0,9}`)
		c := billing.Customer{ID: text.Draw(t, "id"), InternalID: "cus_1", Name: text.Draw(t, "name"), Email: text.Draw(t, "email"),
			Fingerprint: text.Draw(t, "device"), StripeID: text.Draw(t, "stripe"), Receipts: rapid.Bool().Draw(t, "receipts"),
			CreatedAt: april, Version: rapid.Int64Range(0, 1e9).Draw(t, "version"), PendingOperation: text.Draw(t, "pending")}
		if rapid.Bool().Draw(t, "metadata") {
			number := json.Number(rapid.StringMatching(`[1-9][0-9]{0,25}(\.[0-9]{1,9})?`).Draw(t, "number"))
			c.Metadata = map[string]any{"n": number, "deep": map[string]any{"list": []any{"x", true, nil, number}}}
		}
		if rapid.Bool().Draw(t, "trials") {
			c.TrialsUsed = map[string]time.Time{"pro": april, "max": may}
		}
		got, err := readCustomer(customerRow(env, c))
		if err != nil {
			t.Fatal(err)
		}
		c.Version++
		if diff := cmp.Diff(c, got, loosely); diff != "" {
			t.Fatalf("customer (-written +read):\n%s", diff)
		}
	})
}

// A damaged row is an error that names it, never a balance of nothing.
func TestDamagedRowsAreErrors(t *testing.T) {
	t.Parallel()
	b := entitlement.Balance{FeatureID: "messages", Grants: []entitlement.Grant{monthly("cp_1/pr_1", "100", func(g *entitlement.Grant) { g.Prepaid, g.Used, g.UsageLimit = dec("1"), dec("1"), decp("500") })}}
	for _, name := range slices.Sorted(maps.Keys(map[string]bool{"n": true, "b": true, "u": true, "li": true})) {
		r := balanceRow(env, "ada", b, april)
		r["g"].(*types.AttributeValueMemberL).Value[0].(*types.AttributeValueMemberM).Value[name] = &types.AttributeValueMemberN{Value: "x"}
		if _, err := readBalance(r); err == nil || !strings.Contains(err.Error(), "BALANCE#messages") {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	r := balanceRow(env, "ada", b, april)
	r["g"].(*types.AttributeValueMemberL).Value[0] = text("x")
	if _, err := readBalance(r); err == nil {
		t.Error("a text is read as a grant")
	}
	held := heldRow(env, "ada", billing.CustomerProduct{ID: "cp_1"})
	held["opts"] = text("[")
	if _, err := readHeld(held); err == nil || !strings.Contains(err.Error(), "PRODUCT#cp_1") {
		t.Errorf("options: err = %v", err)
	}
}
