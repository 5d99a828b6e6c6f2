package dynamo

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// An upgrader returns the conditional writes that give a row of an earlier release what
// rows of its kind have now; none for a row that has it. Another process may have changed
// the row since: a write whose condition does not hold is decided again by the row as it is.
type upgrader func(ctx context.Context, s *Store, t table, r row) (items, error)

// upgraders are all upgrades by the kind of their rows. A function has them, so that what
// upgrades nothing links none of them.
func upgraders() map[string]upgrader {
	return map[string]upgrader{
		"customer":          upgradeCustomer,
		"listed code":       listOldCode,
		"lost code":         listOldLostCode,
		"own referral code": listOldReferralCode,
		"uses of a reward":  countOldCodes,

		"customer product":   listOldPastDue,
		"open redemption":    listOldHeld,
		"operation":          listOldOperation,
		"audit entry":        listOldMismatch,
		"redemption of both": inTurn(nameOther, countOldRedemption),
		"invoice":            countOldInvoice,
		"returned payment":   countOldReturn,
	}
}

// inTurn makes several upgrades of one row, whose writes may be of the same row.
func inTurn(all ...upgrader) upgrader {
	return func(ctx context.Context, s *Store, t table, r row) (items, error) {
		for _, one := range all[:len(all)-1] {
			writes, err := one(ctx, s, t, r)
			if err == nil && len(writes) > 0 {
				_, err = s.transact(ctx, writes)
			}
			if err != nil {
				return nil, err
			}
		}
		return all[len(all)-1](ctx, s, t, r)
	}
}

// A Scanner reads a table whole.
type Scanner interface {
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// Upgrade gives all rows of earlier releases what those of this one have, and returns how
// many it changed. It may run while the functions do, stop anywhere and run again: what is
// done is found done. It reads the whole table once.
func (s *Store) Upgrade(ctx context.Context, all Scanner) (changed int, err error) {
	by := upgraders()
	in := &dynamodb.ScanInput{TableName: &s.table}
	for {
		out, err := all.Scan(ctx, in)
		if err != nil {
			return changed, failed("scan the table", err)
		}
		for _, item := range out.Items {
			done, err := s.upgrade(ctx, by, item)
			if err != nil {
				return changed, err
			}
			if done {
				changed++
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return changed, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

func (s *Store) upgrade(ctx context.Context, by map[string]upgrader, r row) (changed bool, err error) {
	k := kindOf(key{r.text("PK"), r.text("SK")})
	if k == nil || by[k.name] == nil || r.int(formVersion) != k.version {
		return false, nil // of another release, which has its own upgrade
	}
	env, _, _ := strings.Cut(r.text("PK"), "#")
	for range mostUpgrades {
		writes, err := by[k.name](ctx, s, table{s.table, catalog.Env(env)}, r)
		if err != nil || len(writes) == 0 {
			return false, err
		}
		refused, err := s.transact(ctx, writes)
		if err != nil || refused == nil {
			return err == nil, err
		}
		if r, err = s.get(ctx, key{r.text("PK"), r.text("SK")}); err != nil || len(r) == 0 {
			return false, err // it is gone
		}
	}
	return false, fmt.Errorf("a row of the kind %s changed %d times while it was upgraded", k.name, mostUpgrades)
}

// mostUpgrades bounds how often one row is decided again because it changed meanwhile.
const mostUpgrades = 20

// listOldCode puts a promotion code in the list of all codes. A row whose text another
// reward's code has by now leaves the list of its reward: the lost code stands there.
func listOldCode(ctx context.Context, s *Store, t table, r row) (items, error) {
	if r["list_pk"] != nil {
		return nil, nil
	}
	at, _ := codeListedBy(t.env, r)
	found, err := s.get(ctx, at)
	if err != nil {
		return nil, err
	}
	p, err := readPromoCode(found)
	if err != nil {
		return nil, err
	}
	if listed := listedCodeKey(t.env, p); found == nil || listed.PK != r.text("PK") {
		return items{t.remove(key{r.text("PK"), r.text("SK")}, "attribute_not_exists(list_pk)", nil)}, nil
	}
	return t.listed(r, t.listedCode(p)), nil
}

func listOldLostCode(_ context.Context, _ *Store, t table, r row) (items, error) {
	var p reward.PromoCode
	if err := r.json("data", &p); err != nil || r["list_pk"] != nil {
		return nil, err
	}
	version := strings.TrimLeft(strings.SplitN(r.text("SK"), "#", 4)[2], "0") // LOST#<ms>#<version>#…
	listed := row{}
	listCode(listed, t.env, p.CreatedAt, p.Code, p.CustomerID, version)
	return t.listed(r, listed), nil
}

func listOldReferralCode(_ context.Context, _ *Store, t table, r row) (items, error) {
	var c catalog.ReferralCode
	if err := r.json("data", &c); err != nil || r["list_pk"] != nil {
		return nil, err
	}
	return t.listed(r, t.ownCode(c)), nil
}

// listed puts a row that is in no list where another row says, if it is as it was read: what has changed since may
// belong in no list any more.
func (t table) listed(r, as row) items {
	condition, names, v := unchanged(r)
	v[":pk"], v[":sk"] = as["list_pk"], as["list_sk"]
	put := t.update(key{r.text("PK"), r.text("SK")}, "SET list_pk = :pk, list_sk = :sk", condition+" AND attribute_not_exists(list_pk)", v)
	put.Update.ExpressionAttributeNames = names
	return items{put}
}

// same is the condition that an attribute is, or is not there, as it was read.
func same(v values, name string, r row) string {
	if r[name] == nil {
		return "attribute_not_exists(" + name + ")"
	}
	v[":same"] = r[name]
	return name + " = :same"
}

// unchanged is the condition that a row has the attributes that were read of it.
func unchanged(r row) (condition string, names map[string]string, v values) {
	condition, names, v = isThere, map[string]string{}, values{}
	for name, value := range r {
		if name == "PK" || name == "SK" {
			continue
		}
		at := strconv.Itoa(len(names))
		names["#n"+at], v[":v"+at] = name, value
		condition += " AND #n" + at + " = :v" + at
	}
	return condition, names, v
}

// countOldCodes counts the codes of a reward of before they were.
func countOldCodes(ctx context.Context, s *Store, t table, r row) (items, error) {
	id, ok := strings.CutPrefix(r.text("PK"), rewardPK(t.env, ""))
	if r["codes"] != nil || !ok {
		return nil, nil
	}
	var err error
	if r, err = s.get(ctx, key{r.text("PK"), r.text("SK")}); err != nil || r["codes"] != nil || len(r) == 0 {
		return nil, err
	}
	made := app.CodesMade{Before: app.RewardCount{Counted: true}}
	for cursor := ""; ; {
		page, next, err := s.ListedCodesOf(ctx, t.env, id, cursor, app.MostListed)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			made.Texts = append(made.Texts, c.Promotion.Code)
		}
		if cursor = next; next == "" {
			break
		}
	}
	condition, names, v := unchanged(r) // of the codes that are made from now on, the row has a count of their own
	v[":form"] = r[formVersion]
	set := "SET v = :form" + codesMade(v, made)
	v[":made"] = integer(int64(len(made.Texts)) - r.int("late_codes"))
	count := t.update(key{r.text("PK"), r.text("SK")}, set, condition+" AND attribute_not_exists(codes) AND "+same(v, "late_codes", r), v)
	count.Update.ExpressionAttributeNames = names
	return items{count}, nil
}
