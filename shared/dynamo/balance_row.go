package dynamo

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

const balancePrefix = "BALANCE#"

func init() {
	declare(kind{
		name: "balance", pk: "<env>#CUS#<key>", sk: balancePrefix + "<feature>", version: 1,
		state: func(s *billing.State, r row) error {
			b, err := readBalance(r)
			s.Balances[b.FeatureID] = b
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, b := range w.Balances {
				condition, v := atVersion(b.Version)
				out = append(out, t.remove(balanceKeyOf(t.env, w.Key, b), condition, v))
			}
			return out
		},
	})
}

func (t *transaction) SaveBalance(w app.SaveBalance) {
	t.add(t.balanceItems(w.Key, w.Balance, w.Now)...)
}

func (t *transaction) SettleUsage(w app.SettleUsage) { t.add(t.settleUsage(w)) }

func balanceKey(env catalog.Env, customerKey, feature string) key {
	return key{customerPK(env, customerKey), balancePrefix + feature}
}

// balanceItems saves a balance, with the uses that changed it.
func (t table) balanceItems(customerKey string, b entitlement.Balance, now time.Time, events ...app.UsageRecord) items {
	condition, v := atVersion(b.Version)
	r := balanceRow(t.env, customerKey, b, now)
	r.setEvents(events)
	return append(items{t.put(r, condition, v)}, t.shardItems(customerKey, b, now)...)
}

// balanceRow writes a balance at the version after the one read. Beside the
// grants it holds the head: the attributes that track changes without reading the
// row.
//
//	head      index of the grant being used up
//	room      amount left in that grant
//	unlimited that grant takes any amount
//	giveback  returned amounts go to that grant first
//	spent     amount used of that grant; overrides the grant's own figure
//	upto      time (ms) from which the whole row must be read
//	closed    overage of past periods, until it is billed
//	late      reservations of past periods; past has those periods that are billed
//	shards    number of further rows that count for it, since version mark;
//	spread    whether uses are counted there now
//	ents      entities of the customer may have balances of the feature, too
//	ef, en    of an entity's row: the feature and the number of the entity
//
// b must have come from At.
func balanceRow(env catalog.Env, customerKey string, b entitlement.Balance, now time.Time) row {
	r := newRow(balanceKeyOf(env, customerKey, b))
	r.setText("ef", b.Entity.FeatureID)
	r.setInt("en", b.Entity.Number)
	r.setFlag("ents", b.Entities)
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
	if len(b.Late) > 0 {
		r["late"] = lateList(b.Late)
	}
	if len(b.Past) > 0 {
		r["past"] = pastList(b.Past)
	}
	if head.Index >= 0 {
		r["head"] = integer(int64(head.Index))
		r["room"], r["spent"] = exact(head.Available), exact(b.Grants[head.Index].Used)
		r.setFlag("unlimited", head.Open)
		r.setFlag("giveback", head.Back)
	}
	if count, open := b.Shards.Next(head); count > 0 {
		r["shards"], r["mark"] = integer(int64(count)), integer(b.Version+1)
		r.setFlag("spread", open)
	}
	return r
}

func readBalance(r row) (entitlement.Balance, error) {
	b := entitlement.Balance{FeatureID: strings.TrimPrefix(r.text("SK"), balancePrefix), Version: r.int("ver"), Entities: r.flag("ents")}
	if partition(r.text("PK")) == entitiesPartition {
		b.FeatureID, b.Entity.ID, _ = strings.Cut(b.FeatureID, "#")
		b.Entity.FeatureID, b.Entity.Number = r.text("ef"), r.int("en")
	}
	if n := int(r.int("shards")); n > 0 {
		b.Shards = entitlement.Shards{Want: n, Count: n, Open: r.flag("spread"), Until: r.time("upto"), Mark: r.int("mark")}
	}
	var err error
	if b.Closed, err = readClosed(r); err != nil {
		return b, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
	}
	if b.Late, b.Past, err = readLate(r); err != nil {
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
