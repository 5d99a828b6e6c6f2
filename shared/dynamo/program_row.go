package dynamo

import (
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/referral"
)

const (
	broughtPrefix = "BROUGHT#"
	statsPrefix   = "STATS#"
	closingSK     = "CLOSING"
	statsParts    = 16 // of the count of a program: redemptions at one moment seldom wait for each other
)

// Who brought a customer is kept with the customer's history: a ring of referrals shows
// even when one of them is deleted.
func init() {
	declareAlone("brought by", "<env>#LOG#<internal id>", broughtPrefix+"<program>")
}

// What the redemptions of a program have come to is counted with each of them.
func init() {
	declare(kind{
		name: "count of a program", pk: "<env>#PROGRAM#<internal id>", sk: statsPrefix + "<part>", version: 1,
	})
}

func (t *transaction) CountProgram(w app.CountProgram) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(w.Of)) // never fails
	k := key{programPK(t.env, w.ProgramID), statsPrefix + strconv.Itoa(int(h.Sum32()%statsParts))}
	v := values{":form": newRow(k)[formVersion]}
	var add []string
	for i, n := range statsIn(w.Stats) {
		if name := statsNames[i]; n != 0 {
			add, v[":"+name] = append(add, name+" :"+name), integer(n)
		}
	}
	if len(add) == 0 {

		return
	}
	t.add(t.unconditional(k, "SET v = :form ADD "+strings.Join(add, ", "), v))
}

// What waits in a deleted program, or with a deleted customer, is closed by the sweep.
func init() {
	declare(kind{
		name: "closing", pk: "<env>#PROGRAM#<internal id>", sk: closingSK, version: 1,
	})
}

func (t *transaction) CloseProgram(w app.CloseProgram) {
	r := newRow(closingKey(t.env, w.Of))
	r.setFlag("customer", w.Customer)
	r.setText("cursor", w.Cursor)
	r.setFlag("left", w.Left)
	r.setDue(t.env, w.Of, w.Due, w.Of)
	t.add(t.put(r, whenever, nil))
}

func (t *transaction) ProgramClosed(w app.ProgramClosed) {
	t.add(t.remove(closingKey(t.env, w.Of), whenever, nil))
}

func programPK(env catalog.Env, internalID string) string {
	return string(env) + "#PROGRAM#" + internalID
}

func closingKey(env catalog.Env, of string) key { return key{programPK(env, of), closingSK} }

func broughtKey(env catalog.Env, r referral.Redemption) key {
	return key{logPK(env, r.RedeemerInternalID), broughtPrefix + r.ProgramID}
}

// statsNames are the attributes of a count, and statsIn its numbers in their order.
var statsNames = [8]string{"codes", "redemptions", "waiting", "triggered", "applied", "refused", "reversed", "worth"}

func statsIn(s referral.Stats) [8]int64 {
	return [8]int64{s.Codes, s.Redemptions, s.Held, s.Triggered, s.Applied, s.Refused, s.Reversed, int64(s.Value)}
}

// ProgramStats implements app.ReferralStore. One request.
func (s *Store) ProgramStats(ctx context.Context, env catalog.Env, programID string) (out referral.Stats, err error) {
	rows, err := s.query(ctx, programPK(env, programID), statsPrefix, false)
	for _, r := range rows {
		out = out.Plus(statsOf(r))
	}
	return out, err
}

func statsOf(r row) referral.Stats {
	return referral.Stats{Codes: r.int("codes"), Redemptions: r.int("redemptions"), Held: r.int("waiting"), Triggered: r.int("triggered"),
		Applied: r.int("applied"), Refused: r.int("refused"), Reversed: r.int("reversed"), Value: money.Amount(r.int("worth"))}
}

// ProgramsStats implements app.ListStore.
func (s *Store) ProgramsStats(ctx context.Context, env catalog.Env, programIDs ...string) (map[string]referral.Stats, error) {
	out := map[string]referral.Stats{}
	for ids := range slices.Chunk(programIDs, maxBatch/statsParts) {
		var keys []map[string]types.AttributeValue
		for _, id := range ids {
			for part := range statsParts {
				keys = append(keys, key{programPK(env, id), statsPrefix + strconv.Itoa(part)}.attributes())
			}
		}
		rows, err := s.batch(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			id := strings.TrimPrefix(r.text("PK"), programPK(env, ""))
			out[id] = out[id].Plus(statsOf(r))
		}
	}
	return out, nil
}

// Brought implements app.ReferralStore. One request.
func (s *Store) Brought(ctx context.Context, env catalog.Env, internalID string) ([]app.Brought, error) {
	rows, err := s.query(ctx, logPK(env, internalID), broughtPrefix, false)
	out := make([]app.Brought, len(rows))
	for i, r := range rows {
		out[i] = app.Brought{ProgramID: strings.TrimPrefix(r.text("SK"), broughtPrefix), RedemptionID: r.text("redemption"), ReferrerInternalID: r.text("referrer")}
	}
	return out, err
}

// Closing implements app.ReferralStore. One request.
func (s *Store) Closing(ctx context.Context, env catalog.Env, of string) (app.CloseProgram, bool, error) {
	r, err := s.get(ctx, closingKey(env, of))
	return app.CloseProgram{Of: of, Customer: r.flag("customer"), Cursor: r.text("cursor"), Left: r.flag("left")}, r != nil, err
}
