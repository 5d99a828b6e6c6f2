package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// An upgrader returns the conditional writes that give a row of an earlier release what
// rows of its kind have now; none for a row that has it. Another process may have changed
// the row since: a write whose condition does not hold has nothing to do any more, or finds
// its row again in the next pass.
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
	writes, err := by[k.name](ctx, s, table{s.table, catalog.Env(env)}, r)
	if err != nil || len(writes) == 0 {
		return false, err
	}
	refused, err := s.transact(ctx, writes)
	return err == nil && refused == nil, err
}

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

// listed puts a row that is in no list where another row says, if it is there still.
func (t table) listed(r, as row) items {
	return items{t.update(key{r.text("PK"), r.text("SK")}, "SET list_pk = :pk, list_sk = :sk", isThere+" AND attribute_not_exists(list_pk)",
		map[string]types.AttributeValue{":pk": as["list_pk"], ":sk": as["list_sk"]})}
}

// countOldCodes counts the codes of a reward of before they were.
func countOldCodes(ctx context.Context, s *Store, t table, r row) (items, error) {
	id, ok := strings.CutPrefix(r.text("PK"), rewardPK(t.env, ""))
	if r["codes"] != nil || !ok {
		return nil, nil
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
	v := values{":form": r[formVersion]}
	return items{t.update(key{r.text("PK"), r.text("SK")}, "SET v = :form"+codesMade(v, made), isThere+" AND attribute_not_exists(codes)", v)}, nil
}
