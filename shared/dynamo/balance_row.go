package dynamo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// balanceRow writes a balance at the version after the one read. Beside the
// grants it holds the head: what track may move without reading the row.
//
//	head     index of the grant being used up
//	room     what that grant can still give
//	endless  it has no end
//	giveback what is given back goes to that grant first
//	spent    what was used of that grant; wins over the grant's own figure
//	upto     from here on (ms) the row must be looked at as a whole
//	closed   overage of periods that are over, until it is billed
//	shards   number of further rows that count for it, since version mark;
//	spread   whether uses are counted there now
//
// b must have come from At.
func balanceRow(env catalog.Env, customerKey string, b entitlement.Balance, now time.Time) row {
	r := newRow(balanceKey(env, customerKey, b.FeatureID))
	head := b.Head(now)
	grants := make([]types.AttributeValue, len(b.Grants))
	for i, g := range b.Grants {
		grants[i] = &types.AttributeValueMemberM{Value: grantRow(g)}
	}
	r["g"] = &types.AttributeValueMemberL{Value: grants}
	r["ver"] = integer(b.Version + 1)
	r["upto"] = millis(head.Until)
	if len(b.Closed) > 0 {
		r["closed"] = closedList(b.Closed)
	}
	if head.Index >= 0 {
		r["head"] = integer(int64(head.Index))
		r["room"], r["spent"] = exact(head.Available), exact(b.Grants[head.Index].Used)
		r.setFlag("endless", head.Open)
		r.setFlag("giveback", head.Back)
	}
	if count, open := b.Shards.Next(head); count > 0 {
		r["shards"], r["mark"] = integer(int64(count)), integer(b.Version+1)
		r.setFlag("spread", open)
	}
	return r
}

func grantRow(g entitlement.Grant) row {
	r := row{}
	r.setText("i", g.ID)
	r.setText("p", g.ProductID)
	r.setTime("f", g.From)
	r.setTime("t", g.Until)
	r.setExact("n", g.Included)
	r.setExact("b", g.Prepaid)
	r.setExact("x", g.Extra)
	r.setExact("u", g.Used)
	r.setText("c", cycleText(g.Cycle))
	if !g.Anchor.Equal(g.From) {
		r.setTime("a", g.Anchor)
	}
	r.setTime("r", g.ResetsAt)
	r.setFlag("ad", g.AddOn)
	r.setFlag("ul", g.Unlimited)
	r.setFlag("bo", g.Boolean)
	r.setFlag("ov", g.Overage)
	r.setFlag("rs", g.ResetUsage)
	r.setFlag("su", g.Suspended)
	if g.Seats {
		r.setFlag("se", true)
		r.setExact("pd", g.Paid)
		r.setTime("pf", g.PaidFor.Start)
		r.setTime("pt", g.PaidFor.End)
	}
	if g.UsageLimit != nil {
		r["li"] = exact(*g.UsageLimit)
	}
	return r
}

func readBalance(r row) (entitlement.Balance, error) {
	b := entitlement.Balance{FeatureID: strings.TrimPrefix(r.text("SK"), balancePrefix), Version: r.int("ver")}
	if n := int(r.int("shards")); n > 0 {
		b.Shards = entitlement.Shards{Want: n, Count: n, Open: r.flag("spread"), Until: r.time("upto"), Mark: r.int("mark")}
	}
	var err error
	if b.Closed, err = readClosed(r); err != nil {
		return b, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
	}
	list, _ := r["g"].(*types.AttributeValueMemberL)
	if list == nil {
		return b, nil
	}
	for _, v := range list.Value {
		m, ok := v.(*types.AttributeValueMemberM)
		if !ok {
			return b, fmt.Errorf("row %s %s: a grant is %T", r.text("PK"), r.text("SK"), v)
		}
		g, err := readGrant(m.Value)
		if err != nil {
			return b, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
		}
		b.Grants = append(b.Grants, g)
	}
	if head := r.int("head"); r["head"] != nil && head < int64(len(b.Grants)) {
		spent, err := r.exact("spent")
		if err != nil {
			return b, err
		}
		b.Grants[head].Used = spent
	}
	return b, nil
}

func readGrant(r row) (g entitlement.Grant, err error) {
	g = entitlement.Grant{
		ID: r.text("i"), ProductID: r.text("p"), From: r.time("f"), Since: r.time("f"), Until: r.time("t"),
		Cycle: readCycle(r.text("c")), Anchor: r.time("a"), ResetsAt: r.time("r"), AddOn: r.flag("ad"),
		Seats: r.flag("se"), PaidFor: money.Period{Start: r.time("pf"), End: r.time("pt")},
		Unlimited: r.flag("ul"), Boolean: r.flag("bo"), Overage: r.flag("ov"), ResetUsage: r.flag("rs"), Suspended: r.flag("su"),
	}
	g.CustomerProductID, _, _ = strings.Cut(g.ID, "/")
	if _, own := r["a"]; !own {
		g.Anchor = g.From
	}
	if g.Included, err = r.exact("n"); err != nil {
		return g, err
	}
	if g.Prepaid, err = r.exact("b"); err != nil {
		return g, err
	}
	if g.Extra, err = r.exact("x"); err != nil {
		return g, err
	}
	if _, limited := r["li"]; limited {
		limit, err := r.exact("li")
		if err != nil {
			return g, err
		}
		g.UsageLimit = &limit
	}
	if g.Paid, err = r.exact("pd"); err != nil {
		return g, err
	}
	g.Used, err = r.exact("u")
	return g, err
}

// cycleText is "month", or "2 week" where it takes several.
func cycleText(c money.Cycle) string {
	if c.Count > 1 {
		return strconv.Itoa(c.Count) + " " + string(c.Interval)
	}
	return string(c.Interval)
}

func readCycle(s string) money.Cycle {
	if count, interval, ok := strings.Cut(s, " "); ok {
		n, _ := strconv.Atoi(count)
		return money.Cycle{Interval: money.Interval(interval), Count: n}
	}
	return money.Cycle{Interval: money.Interval(s)}.Plain()
}
