package walk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pgregory.net/rapid"

	"windfall/tests/world"
)

// command makes a request and records its outcome. After a fault the client
// repeats it with the same key, or no client does and the schedule runs.
func (k *walker) command(t *rapid.T, d *deed, path string, body world.JSON) {
	k.asked++
	who, key := people[d.who], fmt.Sprint("request-", k.asked)
	d.path, d.body = path, body
	ask := func() world.Answer { return k.w.Do(k.w.Stack.Key, "POST", path, body, world.IdempotencyKey(key)) }
	var a world.Answer
	if d.fault.kind == "" {
		a = ask()
		k.deliverAll(t) // an event may have come while the command ran
	} else {
		a = k.faulty(t, d, ask)
	}
	d.status = a.Status
	d.code, _ = a.Body["code"].(string)
	text, _ := json.Marshal(body)
	k.note(d, "%s %s → %d %s", path, text, a.Status, d.code)
	if message, refused := a.Body["message"].(string); refused && a.Status != http.StatusOK {
		k.story = append(k.story, "       "+message)
	}
	if page, ok := a.Body["checkout_url"].(string); ok {
		k.pages[who], k.codeOn[page] = page, d.reward
	}
	if delete(k.last, who); !d.disturbed {
		k.last[who] = request{key, path, a.Text, body, k.w.Stack.Sim.Now()}
		if a.Status >= 500 || a.Status == http.StatusConflict && d.code != "changed_at_stripe" {
			k.fail(t, "%s %s: %d %s", path, text, a.Status, a.Text)
		}
	}
}

func (k *walker) faulty(t *rapid.T, d *deed, ask func() world.Answer) world.Answer {
	k.post(t, "/_local/delivery", world.JSON{"mode": "hold"})
	k.w.Stack.HoldStream(true)
	end := k.sabotage(d.fault)
	a := ask()
	if k.saboteur.died() {
		a = world.Answer{Status: http.StatusBadGateway} // a killed process does not answer
	}
	end()
	k.recover(t, d.fault)
	if a.Status < 500 && a.Status != http.StatusConflict {
		return a
	}
	d.disturbed = true
	if d.much%2 == 0 {
		k.post(t, "/_local/clock", world.JSON{"advance": "2m"})
		if a = ask(); a.Status >= 500 || a.Status == http.StatusConflict && a.Body["code"] != "changed_at_stripe" {
			k.note(d, "asked again")
			k.fail(t, "asked again: %d %s", a.Status, a.Text)
		}
	} else {
		k.post(t, "/_local/clock", world.JSON{"advance": "6m"})
	}
	k.deliverAll(t)
	return a
}

// recover restarts the functions and delivers events.
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

// clock moves the clock. A fault strikes one of the calls on the way; failed
// deliveries are repeated in the end.
func (k *walker) clock(t *rapid.T, d *deed, to world.JSON) {
	end := k.sabotage(d.fault)
	if strings.HasPrefix(d.fault.kind, "killed") {
		k.w.Stack.HoldStream(true)
	}
	from := k.w.Stack.Sim.Now()
	a := k.w.Do(k.w.Stack.Key, "POST", "/_local/clock", to)
	end()
	d.disturbed = d.fault.kind != ""
	k.recover(t, d.fault)
	if d.disturbed {
		k.post(t, "/_local/clock", world.JSON{"advance": "6m"})
		k.deliverAll(t)
	} else if a.Status != http.StatusOK {
		k.fail(t, "move the clock: %d %s", a.Status, a.Text)
	}
	k.note(d, "%v from %s", to, from.Format("2006-01-02 15:04"))
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

// deliverAll repeats every event whose last delivery failed. First at once: events of one
// moment that met each other, or a command, were refused, as nothing pauses here before it tries again.
// Then some time later: events are refused while a process may run a command of the customer.
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
		if try == 6 {
			k.fail(t, "%d events are refused for good: %v", len(ids), ids)
		}
		if try > 0 {
			later := k.w.Stack.Sim.Now().Add(30 * time.Second)
			if err := k.w.Stack.Sim.AdvanceTo(k.w.Context(), later); err != nil {
				k.fail(t, "%v", err)
			}
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
