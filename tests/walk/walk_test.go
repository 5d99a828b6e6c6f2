package walk

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/local/stack"
	"windfall/tests/world"
)

// wanted is how many steps are taken in all.
var wanted = flag.Int("walk.steps", 240, "steps of the random walk in all")

// walkSeed begins other walks than those that rapid's own seed begins.
var walkSeed = flag.Uint64("walk.seed", 1, "seed of the walks and of the previews")

// tell prints every walk, also those that end well.
var tell = flag.Bool("walk.tell", false, "print every step of the random walk")

// each is how long a walk is; a longer one is hard to read.
const each = 40

// TestMain: a step takes a whole stack, so a walk is tried less often than a
// property of a rule, and given more time to be shortened.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.shrinktime", "2m")
	flag.Parse()
	_ = flag.Set("rapid.checks", fmt.Sprint(max(1, *wanted/each)))
	os.Exit(m.Run())
}

// A walker takes the steps of one walk in a world of its own.
type walker struct {
	w        *world.World
	saboteur *saboteur
	story    []string
	pages    map[string]string // the page that a customer was sent to last
	last     map[string]request
	owed     map[string]int64 // cents of use beyond the allowance, closed so far
	asked    int
}

// TestWalk lets chance walk, and looks at everybody after every step.
func TestWalk(t *testing.T) {
	t.Parallel()
	s := &saboteur{}
	w := world.With(t, stack.Options{Faults: stack.Faults{DynamoDB: s.between, Stripe: s.between}})
	taken := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		walk := steps(each).Draw(r, "walk")
		k := &walker{w: w, saboteur: s}
		k.begin(r)
		for _, s := range walk {
			d := k.one(r, s)
			taken["steps"]++
			taken[strings.TrimSpace(s.do+" "+d.code)]++
		}
		if *tell {
			t.Log("a walk:\n" + strings.Join(k.story, "\n"))
		}
	})
	t.Logf("taken: %v", taken)
}

// begin empties the world and opens the shop.
func (k *walker) begin(t *rapid.T) {
	if err := k.w.Stack.Reset(k.w.Context()); err != nil {
		t.Fatal(err)
	}
	k.pages, k.last, k.owed = map[string]string{}, map[string]request{}, map[string]int64{}
	stock(k.w)
	for _, id := range people {
		body := world.JSON{"id": id}
		if id != "cyd" {
			body["fingerprint"] = "device"
		}
		k.w.Post("/v1/customers", body)
		if id != "cyd" {
			k.post(t, "/_local/customers/"+id+"/payment_method", world.JSON{"payment_method": "pm_card_visa"})
		}
	}
}

// one takes a step and checks what must hold after it.
func (k *walker) one(t *rapid.T, s step) deed {
	before := map[string]view{}
	for _, id := range people {
		before[id] = k.look(t, id)
	}
	d := k.take(t, s)
	k.quiet(t)
	for i, id := range people {
		if i != s.who && d.do != "clock" && !d.disturbed {
			continue
		}
		after := k.look(t, id)
		k.always(t, id, after)
		k.between(t, id, d, before[id], after)
	}
	return d
}

// command makes a request and takes down what came of it. After a fault the
// client asks again with the same key, or nobody does and the schedule runs.
func (k *walker) command(t *rapid.T, d *deed, path string, body world.JSON) {
	k.asked++
	who, key := people[d.who], fmt.Sprint("request-", k.asked)
	d.path, d.body = path, body
	ask := func() world.Answer { return k.w.Do(k.w.Stack.Key, "POST", path, body, world.Key(key)) }
	var a world.Answer
	if d.fault.kind == "" {
		a = ask()
		k.quiet(t)
	} else {
		a = k.faulty(t, d, ask)
	}
	d.status = a.Status
	d.code, _ = a.Body["code"].(string)
	text, _ := json.Marshal(body)
	k.note(d, "%s %s → %d %s", path, text, a.Status, d.code)
	if page, ok := a.Body["checkout_url"].(string); ok {
		k.pages[who] = page
	}
	if delete(k.last, who); !d.disturbed {
		k.last[who] = request{key, path, a.Text, body, k.w.Stack.Sim.Now()}
		if a.Status >= 500 || a.Status == http.StatusConflict {
			k.fail(t, "%s %s: %d %s", path, text, a.Status, a.Text)
		}
	}
}

func (k *walker) faulty(t *rapid.T, d *deed, ask func() world.Answer) world.Answer {
	k.post(t, "/_local/delivery", world.JSON{"mode": "hold"})
	k.w.Stack.HoldStream(true)
	end := k.sabotage(d.fault)
	a := ask()
	end()
	k.recover(t, d.fault)
	if a.Status < 500 && a.Status != http.StatusConflict {
		return a
	}
	d.disturbed = true
	if d.much%2 == 0 {
		k.post(t, "/_local/clock", world.JSON{"advance": "2m"})
		if a = ask(); a.Status >= 500 || a.Status == http.StatusConflict {
			k.note(d, "asked again")
			k.fail(t, "asked again: %d %s", a.Status, a.Text)
		}
	} else {
		k.post(t, "/_local/clock", world.JSON{"advance": "6m"})
	}
	k.deliverAll(t)
	return a
}

// recover starts the functions again and lets events through.
func (k *walker) recover(t *rapid.T, f fault) {
	if strings.HasPrefix(f.kind, "killed") {
		if err := k.w.Stack.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	k.w.Stack.HoldStream(false)
	k.post(t, "/_local/delivery", world.JSON{"mode": "immediate"})
	k.deliverAll(t)
}

// clock moves the clock. A fault strikes whatever runs on the way; what it
// left behind is delivered again in the end.
func (k *walker) clock(t *rapid.T, d *deed, span string) {
	end := k.sabotage(d.fault)
	if strings.HasPrefix(d.fault.kind, "killed") {
		k.w.Stack.HoldStream(true)
	}
	from := k.w.Stack.Sim.Now()
	a := k.w.Do(k.w.Stack.Key, "POST", "/_local/clock", world.JSON{"advance": span})
	end()
	d.disturbed = d.fault.kind != ""
	k.recover(t, d.fault)
	if d.disturbed {
		k.post(t, "/_local/clock", world.JSON{"advance": "6m"})
		k.deliverAll(t)
	} else if a.Status != http.StatusOK {
		k.fail(t, "move the clock: %d %s", a.Status, a.Text)
	}
	k.note(d, "%s from %s", span, from.Format("2006-01-02 15:04"))
}

// redeliver sends the last n events again.
func (k *walker) redeliver(t *rapid.T, n int) {
	var ids []string
	events := k.w.Stack.Sim.Events()
	for _, e := range events[max(0, len(events)-n):] {
		ids = append(ids, e.ID)
	}
	k.w.Stack.Sim.Deliver(k.w.Context(), ids, false)
	k.quiet(t)
}

// deliverAll sends every event again whose last delivery failed.
func (k *walker) deliverAll(t *rapid.T) {
	for try := 0; ; try++ {
		k.quiet(t)
		var ids []string
		for _, e := range k.w.Stack.Sim.Events() {
			if n := len(e.Deliveries); n > 0 && e.Deliveries[n-1].Status != http.StatusOK {
				ids = append(ids, e.ID)
			}
		}
		if len(ids) == 0 {
			return
		}
		if try == 5 {
			k.fail(t, "%d events are refused for good: %v", len(ids), ids)
		}
		k.w.Stack.Sim.Deliver(k.w.Context(), ids, false)
	}
}

func (k *walker) post(t *rapid.T, path string, body world.JSON) {
	if a := k.w.Do(k.w.Stack.Key, "POST", path, body); a.Status != http.StatusOK {
		k.fail(t, "%s: %d %s", path, a.Status, a.Text)
	}
}

func (k *walker) quiet(t *rapid.T) {
	if err := k.w.Stack.Quiet(k.w.Context()); err != nil {
		k.fail(t, "events: %v", err)
	}
}

// fail ends the walk with its story.
func (k *walker) fail(t *rapid.T, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf("%s\nThe walk so far:\n%s", fmt.Sprintf(format, args...), strings.Join(k.story, "\n"))
	if *tell {
		k.w.Log("a failure, now to be shortened: " + text)
	}
	t.Fatal(text)
}

func day(at time.Time) string { return at.Format("2006-01-02 15:04:05") }
