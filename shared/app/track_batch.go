package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// MaxBatch is how many uses one call of TrackAll records.
const MaxBatch = 1000

const customersAtOnce = 16

// A Tracked is what became of one use of a batch.
type Tracked struct {
	Refused *refusal.Error        // nothing of it counts
	Counted []entitlement.Counted // one for each feature; from an earlier try only what was dropped
}

// AtUse is the error of one use of a batch, for which the whole batch is refused.
type AtUse struct {
	Index int
	Err   error
}

func (e *AtUse) Error() string { return fmt.Sprintf("use %d: %v", e.Index, e.Err) }

func (e *AtUse) Unwrap() error { return e.Err }

// TrackAll records uses as Track does, one after another, with few requests: those
// of one customer are one transaction, or several for many of them. Customers do not wait for each other.
//
// What no state of a customer can allow refuses all of them before anything is written (AtUse);
// what a balance refuses is in the result. A use whose own key was used before counts nothing,
// and is refused as a duplicate. Under the request's key each transaction is
// recorded, too: repeated, the call goes on where it ended. The error says how far it came.
func (a *App) TrackAll(ctx context.Context, caller Caller, cmds []TrackCommand) ([]Tracked, error) {
	batches, err := a.batches(ctx, caller, cmds)
	if err != nil {
		return nil, err
	}
	out := make([]Tracked, len(cmds))
	errs := make([]error, len(batches))
	var running sync.WaitGroup
	slots := make(chan struct{}, customersAtOnce)
	for i, b := range batches {
		slots <- struct{}{}
		running.Go(func() {
			defer func() {
				if p := recover(); p != nil { // the others' uses count all the same
					errs[i] = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
				}
				<-slots
			}()
			errs[i] = b.track(ctx, out)
		})
	}
	running.Wait()
	return out, incomplete(len(cmds), batches, errs)
}

// batches checks all uses and sorts them by their customers.
func (a *App) batches(ctx context.Context, caller Caller, cmds []TrackCommand) (batches []*customerBatch, err error) {
	of, name := map[string]*customerBatch{}, batchName(caller, cmds)
	for i, cmd := range cmds {
		requests, cat, err := a.checkedUses(ctx, caller, cmd)
		if err != nil {
			return nil, &AtUse{i, err}
		}
		event, err := a.usageEvent(ctx, caller, cmd, requests)
		if err != nil {
			return nil, err
		}
		who := cmd.CustomerID
		if cmd.EntityID != "" {
			who += "\x00" + cmd.EntityID
		}
		b := of[who]
		if b == nil {
			b = &customerBatch{work: work{App: a, caller: caller, catalog: cat}, id: cmd.CustomerID, entity: cmd.EntityID, name: name, recorded: map[string]bool{}}
			of[who], batches = b, append(batches, b)
		}
		b.uses = append(b.uses, batchUse{i, cmd, event, requests})
	}
	return batches, nil
}

// makeEntity makes the entity that the uses are of, if one of them says of what and could be
// recorded then; else it returns why not.
func (b *customerBatch) makeEntity(ctx context.Context, unknown error) error {
	why := unknown
	for _, u := range b.uses {
		e := u.cmd.EntityData
		if e.FeatureID == "" {
			continue
		}
		if err := b.unlessMade(ctx, b.id, b.entity, b.wouldTrack(ctx, u.cmd, u.requests)); final(err) != nil || errors.Is(err, errDuplicateTrack) {
			why = err
			continue
		} else if err != nil {
			return err
		}
		_, err := b.CreateEntities(ctx, b.caller, CreateEntities{CustomerID: b.id, Data: u.cmd.Data, MakeCustomer: true,
			Entities: []billing.NewEntity{{ID: b.entity, Name: e.Name, FeatureID: e.FeatureID}}})
		return b.unlessMade(ctx, b.id, b.entity, err)
	}
	return why
}

// final is the refusal of what can't succeed as it is asked; nil for any other error.
func final(err error) *refusal.Error {
	var why *refusal.Error
	if errors.As(err, &why) && (why.Kind == refusal.KindInvalid || why.Kind == refusal.KindNotFound) {
		return why
	}
	return nil
}

// batchName names a call by its key and by what it asks for: the key may be used again
// for another call when a day is over. "" is a call without a key.
func batchName(caller Caller, cmds []TrackCommand) string {
	if caller.RequestKey == "" {
		return ""
	}
	hash := sha256.New()
	_, _ = fmt.Fprintf(hash, "%q\n", caller.RequestKey) // never fails
	for _, c := range cmds {
		if c.EntityID != "" {
			_, _ = fmt.Fprintf(hash, "%q ", c.EntityID)
		}
		_, _ = fmt.Fprintf(hash, "%q %q %q %v %t %q %d %q\n", c.CustomerID, c.FeatureID, c.EventName, c.Value, c.Whole, c.RequestKey, c.At.UnixMilli(), c.Properties)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// incomplete is the error of a batch of which some customers' uses failed: the error itself
// where nothing came of any, and otherwise one that says of which.
func incomplete(all int, batches []*customerBatch, errs []error) error {
	var first error
	var left []int
	for i, b := range batches {
		if errs[i] == nil {
			continue
		}
		if first == nil || errors.Is(errs[i], refusal.ErrUnconfirmed) {
			first = errs[i] // what may have counted is told rather than what did not
		}
		for _, u := range b.uses[b.done:] {
			left = append(left, u.index)
		}
	}
	switch {
	case first == nil:
		return nil
	case len(left) == all:
		return first
	}
	return refusal.Unavailable(ReasonBatchIncomplete, all-len(left), all, indexes(left)).Because(first)
}

// indexes lists numbers for a sentence, the first ones where they are many.
func indexes(of []int) string {
	const most = 20
	var texts []string
	for _, i := range of[:min(len(of), most)] {
		texts = append(texts, fmt.Sprint(i))
	}
	if len(of) > most {
		texts = append(texts, fmt.Sprintf("%d more", len(of)-most))
	}
	return strings.Join(texts, ", ")
}

// refusedAgain looks up the keys of uses that are refused: one that was counted before may
// have left too little for once more. learned says that some were.
func (b *customerBatch) refusedAgain(ctx context.Context, uses []batchUse, done []Tracked) (learned bool, err error) {
	var names []string
	for i, t := range done {
		if key := uses[i].cmd.RequestKey; t.Refused != nil && key != "" && !b.recorded[key] && t.Refused != errDuplicateTrack {
			names = append(names, key)
		}
	}
	if len(names) == 0 {
		return false, nil
	}
	used, err := b.Store.UsedKeys(ctx, b.caller.Env, b.id, names...)
	for _, k := range used {
		b.recorded[k.Name] = true
	}
	return len(used) > 0, err
}

// paysSeats reports whether any balance that the use may be taken from has seats that are paid for.
func (u batchUse) paysSeats(balances map[string]entitlement.Balance, now time.Time) bool {
	return slices.ContainsFunc(u.requests, func(r entitlement.UsageRequest) bool {
		return slices.ContainsFunc(r.Funding, func(s catalog.Source) bool { return balances[s.FeatureID].PaysSeats(now) })
	})
}

// outcomeJSON is a part as its key remembers it: how many uses it has, and what became of
// those that do not count whole.
type outcomeJSON struct {
	Uses int           `json:"n"`
	Less []lessOutcome `json:"x,omitempty"`
}

type lessOutcome struct {
	Index   int                      `json:"i"`
	Kind    refusal.Kind             `json:"k,omitempty"`
	Reason  refusal.Reason           `json:"r,omitempty"`
	Args    []any                    `json:"a,omitempty"`
	Dropped map[string]money.Decimal `json:"d,omitempty"`
}

func outcomeText(done []Tracked) string {
	out := outcomeJSON{Uses: len(done)}
	for i, t := range done {
		less := lessOutcome{Index: i}
		if why := t.Refused; why != nil {
			less.Kind, less.Reason, less.Args = why.Kind, why.Reason, why.Args
		}
		for _, c := range t.Counted {
			if !c.Dropped.IsZero() {
				if less.Dropped == nil {
					less.Dropped = map[string]money.Decimal{}
				}
				less.Dropped[c.FeatureID] = c.Dropped
			}
		}
		if t.Refused != nil || less.Dropped != nil {
			out.Less = append(out.Less, less)
		}
	}
	text, _ := json.Marshal(out) // numbers and texts: it can't fail
	return string(text)
}

func readOutcome(text string) ([]Tracked, error) {
	var out outcomeJSON
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("read what is remembered of a batch: %w", err)
	}
	done := make([]Tracked, out.Uses)
	for _, less := range out.Less {
		t := &done[less.Index]
		if less.Reason != "" {
			for i, arg := range less.Args {
				if n, is := arg.(json.Number); is {
					less.Args[i], _ = n.Int64()
				}
			}
			t.Refused = &refusal.Error{Kind: less.Kind, Reason: less.Reason, Args: less.Args}
		}
		for id, dropped := range less.Dropped {
			t.Counted = append(t.Counted, entitlement.Counted{FeatureID: id, Dropped: dropped})
		}
	}
	return done, nil
}
