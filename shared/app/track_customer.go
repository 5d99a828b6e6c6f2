package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// What one transaction counts at most. The row of a balance carries the events until its next
// write, so their text is paid for twice; a transaction has at most 100 writes.
const (
	mostUses = 100
	mostText = 64 << 10 // bytes, roughly
)

// A customerBatch is the part of a batch that is of one customer.
type customerBatch struct {
	work
	id       string
	entity   string // "" is the customer
	name     string // of the call, "" without a key
	uses     []batchUse
	done     int             // how many of them are decided and recorded
	recorded map[string]bool // keys of uses that were used before
	seats    *work           // once seats turn out to be paid for
}

type batchUse struct {
	index    int // in the batch
	cmd      TrackCommand
	event    UsageRecord
	requests []entitlement.UsageRequest
}

// track records the uses in their order, a part at a time.
func (b *customerBatch) track(ctx context.Context, out []Tracked) error {
	if err := b.known(ctx); err != nil {
		return b.refused(err, out)
	}
	most, made := mostUses, false
	for b.done < len(b.uses) {
		uses := b.fitting(most)
		done, err := RetryStale(ctx, b.Pause, func() ([]Tracked, error) { return b.part(ctx, uses) })
		var told *refusal.Error
		if errors.As(err, &told) && told.Reason == ReasonCustomerTooLarge && len(uses) > 1 {
			most = len(uses) / 2
			continue
		}
		if errors.Is(err, billing.ErrEntityNotFound("")) && !made {
			if made, err = true, b.makeEntity(ctx, err); err == nil {
				continue
			}
		}
		if err != nil {
			return b.refused(err, out)
		}
		for i, t := range done {
			out[b.uses[b.done+i].index] = t
		}
		b.done += len(done)
	}
	return nil
}

// known creates the customer, or fills blanks, with the details that were sent.
func (b *customerBatch) known(ctx context.Context) error {
	var last billing.CustomerData
	of := ""
	for _, u := range b.uses {
		if u.cmd.Data.Given() && (u.cmd.EntityID != of || !reflect.DeepEqual(u.cmd.Data, last)) {
			last, of = u.cmd.Data, u.cmd.EntityID
			if err := b.introduce(ctx, b.id, u.cmd.EntityID, u.cmd.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// refused tells of an error that no repetition changes, with all uses that are left.
func (b *customerBatch) refused(err error, out []Tracked) error {
	why := final(err)
	if why == nil {
		return err
	}
	for _, u := range b.uses[b.done:] {
		out[u.index] = Tracked{Refused: why}
	}
	b.done = len(b.uses)
	return nil
}

// fitting are the next uses that fit into one transaction.
func (b *customerBatch) fitting(most int) []batchUse {
	size := 0
	for i, u := range b.uses[b.done:] {
		size += 150 + len(u.event.Name) + len(u.event.Properties) + len(strings.Join(u.event.Features, ""))
		if i > 0 && (i == most || size > mostText) {
			return b.uses[b.done : b.done+i]
		}
	}
	return b.uses[b.done:]
}

// part records uses, or finds how many an earlier try of the call recorded.
func (b *customerBatch) part(ctx context.Context, uses []batchUse) ([]Tracked, error) {
	for {
		done, err := b.tryPart(ctx, uses)
		var used keysUsed
		if !errors.As(err, &used) {
			return done, err
		}
		learned := false
		for _, k := range used {
			if k.Outcome != "" {
				return readOutcome(k.Outcome)
			}
			learned = learned || !b.recorded[k.Name]
			b.recorded[k.Name] = true
		}
		if !learned {
			return nil, err
		}
	}
}

func (b *customerBatch) tryPart(ctx context.Context, uses []batchUse) ([]Tracked, error) {
	done, known, err := b.fastPart(ctx, uses)
	if done != nil || err != nil {
		return done, err
	}
	var requests []entitlement.UsageRequest
	for _, u := range uses {
		requests = append(requests, u.requests...)
	}
	from, err := b.poolFor(ctx, b.id, b.entity, billing.CustomerData{}, known, requests...)
	if err != nil {
		return nil, err
	}
	switch seat := slices.IndexFunc(uses, func(u batchUse) bool {
		return !b.recorded[u.cmd.RequestKey] && u.paysSeats(from.balances, b.caller.Now)
	}); {
	case seat == 0:
		return b.trackSeat(ctx, uses[0])
	case seat > 0:
		return b.tryPart(ctx, uses[:seat])
	}
	p, err := b.decide(uses, entitlement.NewBatch(from.balances))
	if err != nil {
		return nil, err
	}
	if learned, err := b.refusedAgain(ctx, uses, p.done); learned || err != nil {
		return nil, cmp.Or(err, error(refusal.ErrStale))
	}
	if p.changed = from.taken(p.changed, b.caller.Now); len(p.changed) == 0 && len(p.events) > 0 {
		p.changed = from.carrier(b.caller.Now, requests)
	}
	distribute(p.changed, requests)
	return p.done, b.save(ctx, p)
}

// A batchPart is a decided part: what becomes of each use, and what is to be saved.
type batchPart struct {
	done    []Tracked
	keys    []RequestKey
	events  []UsageRecord
	counts  []entitlement.UsageRequest // of the uses that are not refused
	changed []entitlement.Balance
}

// decide carries uses out one after another; without balances all of them fit.
func (b *customerBatch) decide(uses []batchUse, balances *entitlement.Batch) (p batchPart, err error) {
	taken := map[string]bool{}
	for _, u := range uses {
		key := u.cmd.RequestKey
		if key != "" && (b.recorded[key] || taken[key]) {
			p.done = append(p.done, Tracked{Refused: errDuplicateTrack})
			continue
		}
		var t Tracked
		if balances == nil {
			for _, r := range u.requests {
				t.Counted = append(t.Counted, r.All(r.Funding[0]))
			}
		} else if t.Counted, err = balances.Take(u.requests...); err != nil {
			if t.Refused = final(err); t.Refused == nil {
				return p, err
			}
			p.done = append(p.done, t)
			continue
		}
		if key != "" {
			taken[key] = true
			p.keys = append(p.keys, RequestKey{Name: key})
		}
		p.done, p.events, p.counts = append(p.done, t), append(p.events, u.event), append(p.counts, u.requests...)
	}
	if balances != nil {
		p.changed = balances.Changed()
	}
	p.keys = append(p.keys, b.key(p.done)...)
	return p, nil
}

// key is that of a part: the call's, and where in the customer's uses the part begins. A
// repeated call meets the same parts, as each of them is recorded with its length.
func (b *customerBatch) key(done []Tracked) []RequestKey {
	if b.name == "" {
		return nil
	}
	name := fmt.Sprintf("%s %d", b.name, b.done)
	if b.entity != "" {
		name += " " + b.entity
	}
	return []RequestKey{{Name: name, Outcome: outcomeText(done)}}
}

// fastPart counts uses without a read, where all of them fit into what their balances have
// left. done is nil where that was not possible, and known holds the rows read by then.
func (b *customerBatch) fastPart(ctx context.Context, uses []batchUse) (done []Tracked, known map[string]entitlement.Balance, err error) {
	p, _ := b.decide(uses, nil) // without balances nothing is refused
	debits, unfit := merged(p.counts, b.entity)
	if unfit != nil || slices.ContainsFunc(p.counts, func(u entitlement.UsageRequest) bool { return !u.Value.IsPositive() }) {
		return nil, nil, nil
	}
	for i := range debits {
		debits[i].Several = len(p.counts) > 1
	}
	batch := DebitBatch{Debits: debits, Now: b.caller.Now, Events: p.events, Keys: p.keys}
	switch {
	case len(debits) == 0:
		return p.done, nil, b.save(ctx, p)
	case len(debits) > 1 || len(p.keys) > 0:
		ok, used, err := b.Store.UseAll(ctx, b.caller.Env, b.id, batch)
		if len(used) > 0 {
			err = keysUsed(used)
		}
		if ok && err == nil {
			done = p.done
		}
		return done, nil, err
	}
	row, ok, err := b.Store.Debit(ctx, b.caller.Env, b.id, batch)
	if ok || err != nil {
		return p.done, nil, err
	}
	if b.entity != "" {
		return nil, nil, nil
	}
	return nil, map[string]entitlement.Balance{debits[0].FeatureID: row}, nil
}

func (b *customerBatch) save(ctx context.Context, p batchPart) error {
	if len(p.events)+len(p.keys) == 0 {
		return nil // all of it is refused
	}
	err := b.saveUsed(ctx, b.caller, b.id, p.changed, nil, p.keys, p.events)
	return err
}

// trackSeat records one use of a customer whose seats are paid for: each is charged by
// itself, as a seat that is freed stays paid.
func (b *customerBatch) trackSeat(ctx context.Context, u batchUse) ([]Tracked, error) {
	if b.seats == nil {
		fresh, err := b.begin(ctx, b.caller)
		if err != nil {
			return nil, err
		}
		b.seats = &fresh
	}
	var done []Tracked
	_, err := b.seats.trackSeats(ctx, b.id, b.entity, func(counted []entitlement.Counted) []RequestKey {
		done = []Tracked{{Counted: counted}}
		return append(u.cmd.key(), b.key(done)...)
	}, []UsageRecord{u.event}, u.requests)
	if why := final(err); why != nil {
		done = []Tracked{{Refused: why}}
		if learned, err := b.refusedAgain(ctx, []batchUse{u}, done); learned || err != nil {
			return nil, cmp.Or(err, error(refusal.ErrStale))
		}
		err = b.save(ctx, batchPart{keys: b.key(done)})
	}
	return done, err
}
