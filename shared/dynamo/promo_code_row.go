package dynamo

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

const (
	promotionSK   = "PROMOTION"
	customerCodes = promotionSK + "#"
	listedCodes   = "CODE#"
	lostCodes     = "LOST#"
)

// A code for anybody. Its row also counts how many codes of single customers have
// been given the same text, so that one for anybody can be refused: it may be
// there for that alone, without terms.
func init() {
	declare(kind{
		name: "promotion code", pk: "<env>#CODE#<CODE>", sk: promotionSK, version: 1,
	})
}

func (t *transaction) SavePromoCode(w app.SavePromoCode) { t.add(t.savePromoCode(w)...) }

func (t *transaction) EditPromoCode(w app.EditPromoCode) {
	t.add(t.setPromoCode(w.Code, false, w.Due, "ver = :was", values{":was": integer(w.Code.Version)}))
}

func (t *transaction) UsePromoCode(w app.UsePromoCode) {
	v := values{":was": integer(w.Code.Version), ":one": integer(1)}
	condition := "ver = :was"
	if w.Code.Max > 0 { // what Stripe may use is nobody else's
		condition += stillAt(v, "held", int64(w.Code.Held)) + below(v, "used", max(1, w.Code.Max-w.Code.Held))
	}
	t.add(t.update(promoCodeKey(t.env, w.Code), "ADD used :one", condition, v))
}

func (t *transaction) SaveCopy(w app.SaveCopy) { t.add(t.saveCopy(w)) }

func (t *transaction) CountTyped(w app.CountTyped) {
	v := values{":was": integer(w.Code.Version), ":one": integer(1)}
	change := "ADD used :one, seen :one"
	if w.Held {
		change, v[":less"] = "ADD used :one, held :less", integer(-1)
	}
	if w.Due.IsZero() {
		t.add(t.update(promoCodeKey(t.env, w.Code), change, "ver = :was", v))
		return
	}
	mark, more := t.dueAtOnce(w.Code, w.Due)
	maps.Copy(v, more)
	t.add(marked(t.update(promoCodeKey(t.env, w.Code), "SET "+mark+" "+change, "ver = :was", v)))
}

func (t *transaction) MarkCode(w app.MarkCode) {
	set, v := t.dueAtOnce(w.Code, w.Due)
	set, v[":owner"] = set+", #owner = :owner", text(w.Code.CustomerKey)
	t.add(marked(t.update(promoCodeKey(t.env, w.Code), "SET "+set, isThere, v), "owner"))
}

func init() {
	declareAlone("customer's promotion code", "<env>#CODE#<CODE>", customerCodes+"<cus>")
}

// The list of a reward's codes: those that hold their text, and those that lost it
// to another code.
func init() {
	declareAlone("listed code", "<env>#REWARD#<internal id>", listedCodes+"<CODE>#<cus>")
	declareAlone("lost code", "<env>#REWARD#<internal id>", lostCodes+"<ms>#<version>#<CODE>#<cus>")
}

func rewardPK(env catalog.Env, internalID string) string {
	return string(env) + "#REWARD#" + internalID
}

func promoCodeKey(env catalog.Env, p reward.PromoCode) key {
	if p.CustomerID == "" {
		return codeKey(env, p.Code, promotionSK)
	}
	return codeKey(env, p.Code, customerCodes+p.CustomerID)
}

func (t table) savePromoCode(w app.SavePromoCode) items {
	p := w.Code
	holds, v := versionIs(":was", p.Version)
	if p.CustomerID == "" {
		if w.Given == 0 {
			holds += " AND attribute_not_exists(given)"
		} else {
			holds += " AND given = :given"
			v[":given"] = integer(w.Given)
		}
	}
	out := items{t.setPromoCode(p, w.New, w.Due, holds, v), t.put(t.listedCode(p), whenever, nil)}
	if p.CustomerID != "" {
		anybody := newRow(codeKey(t.env, p.Code, promotionSK))
		still, v := versionIs(":anybody", w.Anybody)
		v[":one"], v[":form"] = integer(1), anybody[formVersion]
		out = append(out, t.update(codeKey(t.env, p.Code, promotionSK), "SET v = :form ADD given :one", still, v))
	}
	if old := w.Retired; old != nil {
		lost := newRow(key{rewardPK(t.env, old.RewardID), fmt.Sprintf("%s%015d#%09d#%s#%s", lostCodes, old.CreatedAt.UnixMilli(), old.Version, old.Code, old.CustomerID)})
		lost.setJSON("data", old)
		lost.setInt("used", int64(old.Used))
		listCode(lost, t.env, old.CreatedAt, old.Code, old.CustomerID, strconv.FormatInt(old.Version, 10))
		out = append(out, t.put(lost, whenever, nil)) // the row by which another reward listed it says nothing any more
	}
	return out
}

func (t table) listedCode(p reward.PromoCode) row {
	listed := newRow(listedCodeKey(t.env, p))
	listCode(listed, t.env, p.CreatedAt, p.Code, p.CustomerID)
	return listed
}

func listedCodeKey(env catalog.Env, p reward.PromoCode) key {
	return key{rewardPK(env, p.RewardID), listedCodes + p.Code + "#" + p.CustomerID}
}

// setPromoCode writes the terms of a code as the next version. A copy at Stripe of
// what had the text before stays noted until it is closed.
func (t table) setPromoCode(p reward.PromoCode, isNew bool, due time.Time, condition string, v values) types.TransactWriteItem {
	k := promoCodeKey(t.env, p)
	made := newRow(k)
	made.setJSON("data", p)
	v[":data"], v[":next"], v[":form"] = made["data"], integer(p.Version+1), made[formVersion]
	set := "SET v = :form, #data = :data, ver = :next"
	if !due.IsZero() {
		mark, more := t.dueAtOnce(p, due)
		set += ", " + mark
		maps.Copy(v, more)
	}
	if isNew {
		set += " REMOVE used, held, seen"
	}
	item := t.update(k, set, condition, v)
	item.Update.ExpressionAttributeNames = map[string]string{"#data": "data"}
	if !due.IsZero() {
		item.Update.ExpressionAttributeNames["#begin"] = "begin"
	}
	return item
}

// versionIs holds while a row has a version; 0 is a row without terms.
func versionIs(name string, version int64) (string, values) {
	if version == 0 {
		return "attribute_not_exists(ver)", values{}
	}
	return "ver = " + name, values{name: integer(version)}
}

// below is the condition of a count that has a limit; 0 is none. It follows
// another condition.
func below(v values, count string, limit int) string {
	if limit == 0 {
		return ""
	}
	v[":max"] = integer(int64(limit))
	return fmt.Sprintf(" AND (attribute_not_exists(%[1]s) OR %[1]s < :max)", count)
}

func readPromoCode(r row) (p reward.PromoCode, err error) {
	err = r.json("data", &p)
	p.Used, p.Held, p.Version, p.Copied = int(r.int("used")), int(r.int("held")), r.int("ver"), r.int("copies")
	p.Due, p.Seen = r.text("due_sk"), int(r.int("seen"))
	if owner := r.text("owner"); owner != "" {
		p.CustomerKey = owner
	}
	if err != nil || r["at_stripe"] == nil {
		return p, err
	}
	return p, r.json("at_stripe", &p.Copy)
}
