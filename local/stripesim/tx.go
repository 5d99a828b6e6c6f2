package stripesim

import (
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/recorder"
	"windfall/local/stripesim/store"
)

// tx is one change of the account: a request, or one thing falling due. It
// sees its own writes; nobody else does until commit. Dropping it undoes
// everything, which is also how previews work: the same code, never committed.
type tx struct {
	*store.Tx
	s       *Sim
	now     int64
	seen    map[store.Key][]byte // JSON of an object when its last event was made
	events  []*object.Event
	request object.EventRequest
	dry     bool            // a preview: no events, no payments
	present bool            // the buyer is there to authenticate
	shot    *object.Invoice // what a preview was asked for
	after   []func()        // what else happens once it is committed
}

// begin needs Sim.mu.
func (s *Sim) begin() *tx {
	return &tx{Tx: s.store.Begin(), s: s, now: s.clock.Now().Unix(), seen: map[store.Key][]byte{}}
}

// fork is a copy to look ahead with. It is never committed.
func (t *tx) fork() *tx {
	return &tx{Tx: t.Fork(), s: t.s, now: t.now, seen: map[store.Key][]byte{}, dry: true}
}

// mostEvents is how many events are remembered before the oldest are forgotten.
const mostEvents = 50_000

// commit needs Sim.mu. What cannot be written does not happen. The events go to
// the courier, which delivers them later.
func (t *tx) commit() error {
	for _, e := range t.events {
		t.Put(e)
	}
	if !t.Empty() { // a read works on a full disk
		if err := t.s.journal.Append(t.Tx, t.s.mark(t.Seq)); err != nil {
			return err
		}
	}
	t.Commit()
	if t.Wrote("price") || t.Wrote("coupon") { // they are inside of others
		t.s.bodies = bodies{}
	}
	t.s.store.Trim("event", mostEvents)
	t.s.forget()
	t.s.journal.Tidy(t.s.store, t.s.mark(t.Seq))
	t.s.courier.Accept(t.events)
	recorder.Events(t.events)
	for _, f := range t.after {
		f()
	}
	return nil
}

// eventsFor is how long events are remembered, in seconds, as at Stripe; up to fewEvents are
// remembered for longer, for people who look at what happened.
//
// https://docs.stripe.com/api/events
const (
	eventsFor = 30 * 86400
	fewEvents = 5_000
)

// forget drops events and remembered answers that are over. While events are held
// back, none is.
func (s *Sim) forget() {
	now := s.clock.Now().Unix()
	s.store.Expire("idempotency_key", 0, now-rememberedFor)
	if !s.courier.Waits() {
		s.store.Expire("event", fewEvents, now-eventsFor)
	}
}

// mark is what a restart has to know besides the objects. seq is the number of
// the last id.
func (s *Sim) mark(seq int64) store.Mark {
	at, offset := s.clock.saved()
	return store.Mark{Seq: seq, Requests: s.store.Requests, At: at, Offset: offset}
}

func (t *tx) put(r object.Row)    { t.Put(r) }
func (t *tx) remove(r object.Row) { t.Remove(r) }

func find[T object.Row](t *tx, id string) (T, bool) { return store.Find[T](t.Tx, id) }
func edit[T object.Row](t *tx, id string) T         { return store.Edit[T](t.Tx, id) }
func all[T object.Row](t *tx) []T                   { return store.All[T](t.Tx) }
func ownedBy[T object.Row](t *tx, owner string) []T { return store.OwnedBy[T](t.Tx, owner) }

// livesOn is the frozen time of a test clock, or the simulator's time.
func (t *tx) livesOn(clock string) {
	if clock == "" {
		return
	}
	if c, ok := find[*object.TestClock](t, clock); ok {
		t.now = c.FrozenTime
	}
}
