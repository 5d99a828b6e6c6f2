package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// closedList writes usage that is to be billed: grant, start, end, units,
// whether it is billed ahead, what is paid of it, and what was closed before it.
func closedList(closed []entitlement.UnbilledUsage) types.AttributeValue {
	list := make([]types.AttributeValue, len(closed))
	for i, c := range closed {
		r := row{}
		r.setText("i", c.GrantID)
		r.setTime("f", c.Period.Start)
		r.setTime("t", c.Period.End)
		r.setExact("u", c.Units)
		r.setFlag("ah", c.Ahead)
		r.setInt("le", int64(c.Less))
		r.setExact("af", c.After)
		list[i] = &types.AttributeValueMemberM{Value: r}
	}
	return &types.AttributeValueMemberL{Value: list}
}

func readClosed(r row) ([]entitlement.UnbilledUsage, error) {
	list, _ := r["closed"].(*types.AttributeValueMemberL)
	if list == nil {
		return nil, nil
	}
	var closed []entitlement.UnbilledUsage
	for _, v := range list.Value {
		m, ok := v.(*types.AttributeValueMemberM)
		if !ok {
			return nil, fmt.Errorf("closed usage is %T", v)
		}
		c := row(m.Value)
		units, err := c.exact("u")
		if err != nil {
			return nil, err
		}
		after, err := c.exact("af")
		if err != nil {
			return nil, err
		}
		closed = append(closed, entitlement.UnbilledUsage{GrantID: c.text("i"), Units: units, After: after, Ahead: c.flag("ah"), Less: money.Amount(c.int("le")),
			Period: money.Period{Start: c.time("f"), End: c.time("t")}})
	}
	return closed, nil
}

// settleUsage changes only the closed usage, so that uses continue beside it. It
// counts as a write of the row: a process with an older copy must read again, or
// the usage would come back.
func (t table) settleUsage(w app.SettleUsage) types.TransactWriteItem {
	expression, v := "REMOVE closed SET ver = ver + :one", values{":was": closedList(w.Settled.Was), ":one": integer(1)}
	if len(w.Settled.Left) > 0 {
		expression, v[":left"] = "SET closed = :left, ver = ver + :one", closedList(w.Settled.Left)
	}
	return t.update(balanceKeyOf(t.env, w.Key, entitlement.Balance{FeatureID: w.Settled.FeatureID, Entity: w.Settled.Entity}), expression, "closed = :was", v)
}
