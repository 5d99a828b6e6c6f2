package dynamo

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

const copiesSK = "COPIES"

// The copies at Stripe of a reward's codes are looked at, one code after the other. A
// code has its copy in its own row, in the attributes `at_stripe`, `copies` and `held`.
func init() {
	declare(kind{
		name: "copies of a reward's codes", pk: "<env>#REWARD#<internal id>", sk: copiesSK, version: 1,
	})
}

func (t *transaction) LookAtCopies(w app.LookAtCopies) {
	r := newRow(copiesKey(t.env, w.RewardID))
	r.setText("look", w.Look)
	r.setText("cursor", w.Cursor)
	r.setDue(t.env, w.RewardID, w.Due, w.RewardID)
	r.setText("begin", w.RewardID)
	condition, v := whenever, values(nil)
	if w.Cursor != "" {
		condition, v = "look = :look", values{":look": text(w.Look)}
	}
	t.add(t.put(r, condition, v))
}

func (t *transaction) CopiesLookedAt(w app.CopiesLookedAt) {
	t.add(t.remove(copiesKey(t.env, w.RewardID), "look = :look", values{":look": text(w.Look)}))
}

func copiesKey(env catalog.Env, rewardID string) key { return key{rewardPK(env, rewardID), copiesSK} }

// saveCopy notes what became of a code's copy. A new one takes its room from what
// nobody uses at that moment.
func (t table) saveCopy(w app.SaveCopy) types.TransactWriteItem {
	p := w.Code
	v := values{":ver": integer(p.Version), ":one": integer(1)}
	condition := "ver = :ver" + stillAt(v, "copies", p.Copied)
	set, gone, add := []string{}, []string{"#begin"}, " ADD copies :one"
	if w.Takes {
		condition += stillAt(v, "used", int64(p.Used)) + stillAt(v, "held", int64(p.Held))
	}
	if w.Held != 0 {
		add, v[":held"] = add+", held :held", integer(int64(w.Held))
	}
	if w.Due.IsZero() {
		gone = append(gone, "due_pk", "due_sk")
		if p.Due != "" { // what came meanwhile has it looked at again
			condition, v[":mark"] = condition+" AND due_sk = :mark", text(p.Due)
		}
		if !w.Takes { // and so does a use that came back
			condition += stillAt(v, "used", int64(p.Used)) + stillAt(v, "held", int64(p.Held))
		}
	} else { // by the schedule: whoever uses the code now must not meet another copy at once
		mark, more := t.due(p, w.Due)
		maps.Copy(v, more)
		set = append(set, mark)
	}
	if w.Copy != nil {
		r := row{}
		r.setJSON("at_stripe", w.Copy)
		v[":copy"] = r["at_stripe"]
		set = append(set, "at_stripe = :copy")
	} else {
		condition += stillAt(v, "seen", int64(p.Seen))
		gone = append(gone, "at_stripe", "seen")
	}
	expression := " REMOVE " + strings.Join(gone, ", ") + add
	if len(set) > 0 {
		expression = " SET " + strings.Join(set, ", ") + expression
	}
	item := t.update(promoCodeKey(t.env, p), strings.TrimSpace(expression), condition, v)
	return marked(item)
}

// dueAtOnce has a code's copy looked at by the stream, or at a time by the schedule.
func (t table) dueAtOnce(p reward.PromoCode, at time.Time) (set string, v values) {
	set, v = t.due(p, at)
	v[":begin"] = text(codeMark(p))
	return set + ", #begin = :begin", v
}

func (t table) due(p reward.PromoCode, at time.Time) (set string, v values) {
	return "due_pk = :due_pk, due_sk = :due_sk", values{":due_pk": text(DuePartition(t.env, ShardOf(p.Code))), ":due_sk": text(dueSK(at, codeMark(p)))}
}

// marked names the attribute that the stream looks for, which is a word of DynamoDB's.
func marked(item types.TransactWriteItem, also ...string) types.TransactWriteItem {
	item.Update.ExpressionAttributeNames = map[string]string{"#begin": "begin"}
	for _, name := range also {
		item.Update.ExpressionAttributeNames["#"+name] = name
	}
	return item
}

// stillAt is the condition, after another one, that a count is as it was read.
func stillAt(v values, name string, was int64) string {
	if was == 0 {
		v[":no_"+name] = integer(0)
		return fmt.Sprintf(" AND (attribute_not_exists(%[1]s) OR %[1]s = :no_%[1]s)", name)
	}
	v[":is_"+name] = integer(was)
	return fmt.Sprintf(" AND %[1]s = :is_%[1]s", name)
}

// codeMark names a code in the due index.
func codeMark(p reward.PromoCode) string { return app.Due{Code: &p}.ID() }

// readDueCopy reads of which code a row is the copy, or of which reward all are.
func readDueCopy(env catalog.Env, r row) (*reward.PromoCode, string) {
	pk, sk := r.text("PK"), r.text("SK")
	if id, ok := strings.CutPrefix(pk, rewardPK(env, "")); ok {
		return nil, id
	}
	code, ok := strings.CutPrefix(pk, codeKey(env, "", "").PK)
	if !ok {
		return nil, ""
	}
	return &reward.PromoCode{Code: code, CustomerID: strings.TrimPrefix(strings.TrimPrefix(sk, promotionSK), "#")}, ""
}

// CopiesLook implements app.RewardStore.
func (s *Store) CopiesLook(ctx context.Context, env catalog.Env, rewardID string) (app.LookAtCopies, bool, error) {
	r, err := s.get(ctx, copiesKey(env, rewardID))
	return app.LookAtCopies{RewardID: rewardID, Look: r.text("look"), Cursor: r.text("cursor")}, r != nil, err
}

// CopyIn implements app.Store.
func (s *Store) CopyIn(image []byte) (catalog.Env, app.Due, bool) {
	var in struct {
		PK    struct{ S string }
		SK    struct{ S string }
		Begin struct{ S string } `json:"begin"`
	}
	if err := json.Unmarshal(image, &in); err != nil || in.Begin.S == "" {
		return "", app.Due{}, false
	}
	env := catalog.Env(strings.SplitN(in.PK.S, "#", 2)[0])
	code, rewardID := readDueCopy(env, row{"PK": text(in.PK.S), "SK": text(in.SK.S)})
	return env, app.Due{Code: code, RewardID: rewardID}, code != nil || rewardID != ""
}
