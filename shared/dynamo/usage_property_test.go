package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
)

// A history of one customer's use as the stream delivers it: batches come again whole or in
// part, to processes that die at any request or are late, while the customer is deleted and
// made anew, the settings change, events are filed without a balance, and events of before
// there were sums wait to be added.
type usageHistory struct {
	*rapid.T
	t        *testing.T
	db       *local.DB
	process  func() *Store
	now      time.Time
	created  time.Time
	version  int64
	kept     int
	sequence int
	notes    []app.UsageNote // that a balance carries, in the order of the stream
	done     int             // how many of them the stream has delivered with success
	direct   []app.UsageNote // from rows of events
	n        int
}

var usageFeatures = []string{"messages", "words"}

func TestReportsAreTheSumsOfTheEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		db, s := fresh(t)
		h := &usageHistory{T: r, t: t, db: db, now: april, kept: 400}
		clock := func() time.Time { return h.now } // what a process remembers ages with it
		s = New(s.client, s.table, "usd", clock, s.pause)
		processes := []*Store{s, nil}
		h.process = func() *Store {
			i := rapid.IntRange(0, 1).Draw(r, "process")
			if processes[i] == nil || rapid.IntRange(0, 3).Draw(r, "restarted") == 0 {
				processes[i] = New(s.client, s.table, "usd", clock, s.pause)
			}
			return processes[i]
		}
		for _, id := range usageFeatures {
			must(t, s.Commit(t.Context(), env, app.SaveFeature{Feature: catalog.Feature{ID: id, Type: catalog.SingleUse}, New: true}))
		}
		h.declare(s)
		h.begin(s)
		h.before(s)
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			h.step(s)
		}
		db.SetFault(nil)
		h.now = h.now.Add(10 * time.Minute)
		for h.done < len(h.notes) || len(h.direct) > 0 {
			h.deliver(s, len(h.notes)-h.done, nil)
		}
		for range 10 { // scans, if one is due, and what they remove
			if _, err := s.ScanUsage(t.Context(), env, "ada", h.now); err != nil {
				r.Fatal(err)
			}
			h.now = h.now.Add(10 * time.Minute)
		}
		for range 4 {
			h.compare(s)
		}
	})
}

func (h *usageHistory) step(s *Store) {
	switch rapid.IntRange(0, 15).Draw(h.T, "step") {
	case 0:
		h.now = h.now.Add(time.Duration(rapid.IntRange(1, 40*24*60).Draw(h.T, "minutes")) * time.Minute)
	case 1:
		h.begin(s) // another customer of the same id
	case 2:
		h.kept = rapid.SampledFrom([]int{1, 30, 400}).Draw(h.T, "kept")
	case 3:
		u := h.use()
		must(h.t, s.SaveUsageEvents(h.t.Context(), env, u))
		for _, r := range usageRows(env, u) {
			h.direct = append(h.direct, app.UsageNote{UsageRecord: app.UsageRecord{CustomerID: "ada", Features: []string{r.text("f")}}, Env: env, Filed: true,
				Source: app.UsageSource{PK: r.text("PK"), SK: r.text("SK")}})
		}
	case 4, 5, 6, 7:
		for range rapid.IntRange(1, 12).Draw(h.T, "tracks") {
			h.track()
		}
	case 8: // a row is saved with the event it had
		if len(h.notes) > 0 {
			again := h.notes[rapid.IntRange(max(0, len(h.notes)-3), len(h.notes)-1).Draw(h.T, "again")]
			for _, n := range h.notes {
				if n.Source == again.Source {
					again = n // the last of its source
				}
			}
			h.sequence++
			carried, _, several := strings.Cut(string(again.Position), ".")
			for _, n := range h.notes {
				if at, _, _ := strings.Cut(string(n.Position), "."); at != carried {
					continue
				}
				_, part, _ := strings.Cut(string(n.Position), ".")
				if n.Position = usage.PositionOf(fmt.Sprint(h.sequence)); several {
					n.Position += usage.Position("." + part)
				}
				h.notes = append(h.notes, n)
			}
		}
	case 9: // late: what was delivered before, once more
		if h.done > 0 {
			from := h.whole(rapid.IntRange(0, h.done-1).Draw(h.T, "from"))
			h.process().FileUsage(h.t.Context(), h.asNow(h.notes[from:h.whole(rapid.IntRange(from+1, h.done).Draw(h.T, "to"))]), h.now)
		}
	case 10:
		h.declare(s)
	case 11:
		h.rebuild()
	case 12, 13:
		h.scan()
	default:
		most := h.whole(h.done+rapid.IntRange(0, min(30, len(h.notes)-h.done)).Draw(h.T, "batch")) - h.done
		h.deliver(h.process(), most, h.death())
		if rapid.Bool().Draw(h.T, "two at once") {
			h.atOnce(most)
		}
	}
}

// declare changes by which properties usage is grouped; a process may not know it yet.
func (h *usageHistory) declare(s *Store) {
	for _, id := range usageFeatures {
		by := rapid.SampledFrom([][]string{nil, {"model"}, {"model"}, {"model", "region"}, {"region"}}).Draw(h.T, "group by")
		must(h.t, s.Commit(h.t.Context(), env, app.SaveFeature{Feature: catalog.Feature{ID: id, Type: catalog.SingleUse, GroupBy: by}}))
	}
}

// rebuild begins anew, once or twice at a time, while other processes go on with a scan. They
// may die.
func (h *usageHistory) rebuild() {
	dies := rapid.Bool().Draw(h.T, "dies")
	if dies {
		h.db.SetFault(h.death())
	}
	var all sync.WaitGroup
	beside := func(what string, least, most int, do func(*Store) error) {
		for range rapid.IntRange(least, most).Draw(h.T, what) {
			s := h.process()
			all.Go(func() {
				if err := do(s); err != nil && !dies {
					h.t.Error(err)
				}
			})
		}
	}
	beside("rebuilds", 1, 2, func(s *Store) error { return s.RebuildUsage(h.t.Context(), env, "ada", h.now) })
	beside("scans", 0, 2, func(s *Store) error { _, err := s.ScanUsage(h.t.Context(), env, "ada", h.now); return err })
	all.Wait()
	h.db.SetFault(nil)
}

// scan goes on with a scan that is due, and with what it removes; the process may die.
func (h *usageHistory) scan() {
	h.db.SetFault(h.death())
	_, _ = h.process().ScanUsage(h.t.Context(), env, "ada", h.now)
	h.db.SetFault(nil)
	h.now = h.now.Add(time.Duration(rapid.IntRange(0, 10).Draw(h.T, "minutes later")) * time.Minute)
}

// begin makes the customer, in the place of the one before.
func (h *usageHistory) begin(s *Store) {
	h.created = h.now
	c := billing.Customer{ID: "ada", InternalID: fmt.Sprint("cus_", h.now.UnixMilli()), CreatedAt: h.created, Version: h.version}
	must(h.t, s.Commit(h.t.Context(), env, app.SaveCustomer{Customer: c}))
	h.version++
}

// before puts events as they were put when there were no sums.
func (h *usageHistory) before(s *Store) {
	for range rapid.SampledFrom([]int{0, 0, 3, 40, 600}).Draw(h.T, "events of before") {
		for _, r := range usageRows(env, h.use()) {
			put(h.t, s, r)
		}
	}
}

func (h *usageHistory) use() app.UsageRecord {
	h.n++
	hours := rapid.SampledFrom([]int{0, 0, 0, -1, -24, -1000, -17000, 100, 700}).Draw(h.T, "hours")
	value := money.Int(int64(rapid.IntRange(-30, 300).Draw(h.T, "tenths"))).Div(money.Int(10))
	if rapid.IntRange(0, 4).Draw(h.T, "digits") == 0 { // as many as a number may have
		value = money.MaxUsed.Sub(money.One.Shift(-money.MaxDecimals)).Mul(money.Int(int64(rapid.SampledFrom([]int{1, -1}).Draw(h.T, "sign"))))
	}
	features := rapid.SampledFrom([][]string{{"messages"}, {"words"}, {"messages", "words"}}).Draw(h.T, "features")
	return app.UsageRecord{ID: fmt.Sprintf("evt_%d", h.n), CustomerID: "ada", Features: features, Value: value, ReceivedAt: h.now,
		Properties: rapid.SampledFrom([]string{"", `{}`, `{"model":"a"}`, `{"model":"b","region":7}`, `{"model":"c","region":"eu"}`, `{"region":true}`, `{"model":{"x":1}}`,
			`{"model":"other"}`, `{"model":""}`, `{"model":"\u0000"}`, `{"model":"` + strings.Repeat("é", 51) + `"}`, `{"model":"a","model":"é"}`}).Draw(h.T, "properties"),
		At: h.now.Add(time.Duration(hours)*time.Hour - time.Duration(h.n)*time.Second), KeptFor: time.Duration(h.kept) * 24 * time.Hour}
}

func (h *usageHistory) track() {
	h.sequence += rapid.IntRange(1, 20).Draw(h.T, "gap")
	k := rapid.SampledFrom([]key{balanceKey(env, "ada", "messages"), balanceKey(env, "ada", "words"), balanceKey(env, "ada", "credits"),
		shardKey(env, "ada", "messages", 3), shardKey(env, "ada", "credits", 3)}).Draw(h.T, "source")
	n := rapid.SampledFrom([]int{1, 1, 1, 2, 5, 12}).Draw(h.T, "uses of one change")
	for i := range n {
		note := app.UsageNote{UsageRecord: h.use(), Env: env, Source: app.UsageSource{PK: k.PK, SK: k.SK}, Position: usage.PositionOf(fmt.Sprint(h.sequence))}
		if n > 1 {
			note.Position = note.Position.Part(i)
		}
		h.notes = append(h.notes, note)
	}
}

// whole is how many of the first n notes are those of whole changes: a change comes whole.
func (h *usageHistory) whole(n int) int {
	change := func(i int) string { at, _, _ := strings.Cut(string(h.notes[i].Position), "."); return at }
	for n > 0 && n < len(h.notes) && change(n) == change(n-1) {
		n--
	}
	return n
}

// asNow: the time that events are kept is looked up whenever a batch comes.
func (h *usageHistory) asNow(notes []app.UsageNote) []app.UsageNote {
	out := append([]app.UsageNote{}, notes...)
	for i := range out {
		out[i].KeptFor = time.Duration(h.kept) * 24 * time.Hour
	}
	return out
}

// death has a process die at one of its requests, before or after it had its effect.
func (h *usageHistory) death() func(local.Call) local.Fault {
	if rapid.IntRange(0, 2).Draw(h.T, "fault") == 0 { // some rows can't be put, and all else can
		var n atomic.Int64
		return func(c local.Call) local.Fault {
			if c.Operation == "PutItem" && n.Add(1)%7 > 2 {
				return local.Fault{Kind: local.FaultInternal}
			}
			return local.Fault{}
		}
	}
	at, after := int64(rapid.IntRange(0, 40).Draw(h.T, "dies at")), rapid.Bool().Draw(h.T, "after it")
	var n atomic.Int64
	return func(local.Call) local.Fault {
		switch call := n.Add(1); {
		case at == 0 || call < at:
			return local.Fault{}
		case call == at && after:
			return local.Fault{Kind: local.FaultLoseAnswer}
		}
		return local.Fault{Kind: local.FaultInternal}
	}
}

// deliver delivers the next changes, and those of events that stand for themselves.
func (h *usageHistory) deliver(s *Store, most int, fault func(local.Call) local.Fault) {
	batch := h.asNow(h.notes[h.done : h.done+most])
	direct := len(h.direct)
	h.db.SetFault(fault)
	errs := s.FileUsage(h.t.Context(), append(batch, h.direct...), h.now)
	h.db.SetFault(nil)
	whole := 0
	for whole < len(errs) && errs[whole] == nil {
		whole++
	}
	h.done = h.whole(h.done + min(whole, most))
	if whole > most {
		h.direct = h.direct[min(direct, whole-most):]
	}
}

// atOnce gives one batch to two processes.
func (h *usageHistory) atOnce(most int) {
	most = h.whole(min(h.done+most, len(h.notes))) - h.done
	a, b, batch := h.process(), h.process(), h.asNow(h.notes[h.done:h.done+most])
	var both sync.WaitGroup
	for _, s := range []*Store{a, b} {
		both.Go(func() { s.FileUsage(h.t.Context(), batch, h.now) })
	}
	both.Wait()
}

func (h *usageHistory) compare(s *Store) {
	a := &app.App{Store: s}
	caller := app.Caller{Env: env, Now: h.now}
	bin := rapid.SampledFrom([]time.Duration{entitlement.HourBins, entitlement.DayBins}).Draw(h.T, "bin")
	from := h.now.Add(-time.Duration(rapid.IntRange(0, 30*24).Draw(h.T, "from")) * time.Hour)
	to := from.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(h.T, "hours")) * time.Hour)
	if bin == entitlement.DayBins {
		from = from.AddDate(0, 0, -rapid.IntRange(0, 700).Draw(h.T, "days"))
	}
	r, err := entitlement.NewUsageRange(from, to, bin)
	must(h.t, err)
	events, next, err := a.UsageEvents(context.Background(), caller, app.UsageCommand{CustomerID: "ada", From: r.From, To: r.To, Limit: 10_000})
	if err != nil || next != "" {
		h.Fatal(err, next)
	}
	bins, total := r.Report(events)
	got, err := a.UsageReport(context.Background(), caller, app.ReportCommand{CustomerID: "ada", Features: []string{"messages", "words", "messages"}},
		func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return r, nil })
	if diff := gocmp.Diff(app.UsageReport{Bins: bins, Total: total}, got, loosely); diff != "" || err != nil {
		h.Fatalf("%v to %v in %v (-events +report): %v\n%s", r.From, r.To, r.Bin, err, diff)
	}
	h.compareGroups(s, a, caller, r, events)
}

// compareGroups holds a report by a property to the events, value by value.
func (h *usageHistory) compareGroups(s *Store, a *app.App, caller app.Caller, r entitlement.UsageRange, events []entitlement.UsageEvent) {
	cat, err := s.Catalog(h.t.Context(), env, true)
	must(h.t, err)
	property := rapid.SampledFrom([]string{"model", "region"}).Draw(h.T, "property")
	for _, feature := range usageFeatures {
		if !slices.Contains(cat.Features[feature].GroupBy, property) {
			continue
		}
		want := make([]map[string]map[string]entitlement.UsageTotal, r.To.Sub(r.From)/r.Bin)
		var own []entitlement.UsageEvent
		for _, e := range events {
			if e.FeatureID != feature || e.At.Before(r.From) || !e.At.Before(r.To) {
				continue
			}
			own = append(own, e)
			i, value := e.At.Sub(r.From)/r.Bin, cmp.Or(usage.GroupName(app.ValueOf(property)(e)), usage.Rest)
			if want[i] == nil {
				want[i] = map[string]map[string]entitlement.UsageTotal{feature: {}}
			}
			t := want[i][feature][value]
			want[i][feature][value] = entitlement.UsageTotal{Count: t.Count + 1, Sum: t.Sum.Add(e.Value)}
		}
		bins, total := r.Report(own)
		got, err := a.UsageReport(context.Background(), caller, app.ReportCommand{CustomerID: "ada", Features: []string{feature}, GroupBy: property}, func([]billing.CustomerProduct) (entitlement.UsageRange, error) { return r, nil })
		if diff := gocmp.Diff(app.UsageReport{Bins: bins, Total: total, Groups: want}, got, loosely); diff != "" || err != nil {
			h.Fatalf("%s by %s, %v to %v in %v (-events +report): %v\n%s", feature, property, r.From, r.To, r.Bin, err, diff)
		}
	}
}
