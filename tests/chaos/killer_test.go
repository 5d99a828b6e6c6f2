package chaos

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"windfall/local/dynamodb"
	"windfall/local/stack"
	"windfall/local/stripesim"
	. "windfall/tests/world"
)

// A trouble is an event at one external call.
type trouble string

const (
	calm       trouble = "calm"
	dieBefore  trouble = "dies before"
	dieAfter   trouble = "dies after"
	loseAnswer trouble = "answer lost"
	throttle   trouble = "throttled"
	conflict   trouble = "transaction conflict" // the database alone has these
	meeting    trouble = "another command"      // comes between
)

// A killer is a transport between the functions and all services they call.
// Trouble strikes at one of the calls; if the process dies there, every later
// call fails too, as on a machine that is gone.
type killer struct {
	stack  *stack.Stack
	mu     sync.Mutex
	at     int // the call that trouble strikes; 0 is none
	what   trouble
	dead   bool
	struck bool
	died   func() // is called when the process dies; may be nil
	soft   bool   // a death fails every later call, as the stream's function has other work at the same time
	record []string
	meet   func() // called once before that call instead
}

var errDead = errors.New("the process is dead")

// mortal opens a world whose functions may be killed. Its stream stands still,
// as a dead process files no events.
func mortal(t *testing.T) (*World, *killer) {
	t.Helper()
	k := &killer{}
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: k.between("dynamodb"), Stripe: k.between("stripe"), Hurry: true}})
	k.stack = w.Stack
	return w, k
}

// scheduled is mortal for runs of the schedule, which looks into many shards at once.
func scheduled(t *testing.T) (*World, *killer) {
	t.Helper()
	k := &killer{soft: true}
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: k.pastTheIndex, Stripe: k.between("stripe"), Hurry: true}})
	k.stack = w.Stack
	return w, k
}

// live lets the process live from now on, and restarts the count.
func (k *killer) live() { k.strike(0, calm) }

// strike brings trouble to the nth call from now on.
func (k *killer) strike(n int, what trouble) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at, k.what, k.dead, k.struck, k.record = n, what, false, false, nil
}

// plan is the armed trouble, before and after it strikes.
func (k *killer) plan() trouble {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.what
}

// seen returns the calls.
func (k *killer) seen() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.record
}

// next counts a call and returns its trouble.
func (k *killer) next(what string) trouble {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return dieBefore
	}
	k.record = append(k.record, what)
	if len(k.record) != k.at {
		return calm
	}
	k.struck = true
	if k.meet != nil {
		return meeting
	}
	if k.dead = k.what == dieBefore || k.what == dieAfter; k.dead && k.died != nil {
		k.died()
	}
	return k.what
}

// dieEverywhere runs undisturbed (n = 0), and then dies before and after each
// call, or at a sample of them; the end must be the same every time.
func dieEverywhere(t *testing.T, command string, run func(t *testing.T, n int, what trouble) (end string, calls []string)) {
	t.Helper()
	want, calls := run(t, 0, calm)
	var s sample
	for n, called := range calls {
		for _, what := range []trouble{dieBefore, dieAfter} {
			if !s.takes() {
				continue
			}
			got, _ := run(t, n+1, what)
			tally(command, what, 1, got == want)
			if got != want {
				t.Errorf("call %d (%s) %s:\n got %s\nwant %s", n+1, called, what, got, want)
			}
		}
	}
}

// between wraps a transport.
func (k *killer) between(name string) func(http.RoundTripper) http.RoundTripper {
	return func(inner http.RoundTripper) http.RoundTripper { return wire{k, name, inner} }
}

type wire struct {
	*killer
	name  string
	inner http.RoundTripper
}

// RoundTrip panics when the process dies: nothing after this call runs, and
// there is no pause before a retry. The functions' host takes it for a crash.
func (m wire) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	what := m.next(m.name + " " + strings.TrimSpace(r.Method+" "+r.URL.Path+" "+operation))
	if what == dieBefore {
		return nil, m.death()
	}
	if what == meeting {
		m.meet()
	}
	m.trouble(what)
	res, err := m.inner.RoundTrip(r)
	m.trouble(calm)
	if what == dieAfter {
		return nil, errors.Join(m.death(), err)
	}
	return res, err
}

func (k *killer) death() error {
	if !k.soft {
		panic(errDead)
	}
	return errDead
}

// trouble makes the database or Stripe answer the next call with this trouble.
func (m wire) trouble(what trouble) {
	if planned := m.plan(); planned == calm || planned == meeting {
		return // nothing to set, and nothing to end
	}
	if m.name == "dynamodb" {
		kind := map[trouble]dynamodb.FaultKind{loseAnswer: dynamodb.FaultLoseAnswer, throttle: dynamodb.FaultThrottle, conflict: dynamodb.FaultConflict}[what]
		m.stack.DB.SetFault(func(dynamodb.Call) dynamodb.Fault { return dynamodb.Fault{Kind: kind} })
		return
	}
	fault := map[trouble]stripesim.Fault{loseAnswer: stripesim.LoseAnswer, throttle: stripesim.Status429}[what]
	m.stack.Sim.SetFault(func(string, string, int) stripesim.Fault { return fault })
}

// possible reports whether a trouble can happen to a call.
func (what trouble) possible(call string) bool {
	if what != conflict {
		return true
	}
	for _, write := range []string{"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"} {
		if strings.HasSuffix(call, write) {
			return true
		}
	}
	return false
}
