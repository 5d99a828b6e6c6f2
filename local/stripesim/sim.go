package stripesim

import (
	"context"
	"math/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"windfall/local/stripesim/object"
)

// Options say where a simulator lives. The zero value is a simulator in memory
// that runs with the wall clock.
type Options struct {
	Clock   *Clock
	Key     string       // the only secret key accepted; default "sk_test_sim"
	BaseURL string       // public address of the handler, without a slash at the end
	File    string       // where the state is kept; "" keeps it in memory only
	Client  *http.Client // delivers webhooks; default a client with a timeout of 30 s
	Seed    int64        // ids depend only on the seed and on what was asked before
}

// Sim is a Stripe account. All methods may be called at the same time.
type Sim struct {
	clock *Clock
	key   string
	seed  int64

	mu      sync.Mutex // guards store, journal, base and the members of tx
	store   *store
	journal *journal
	base    string

	moving  sync.Mutex // held while the clock moves
	courier *courier
	gate    gate
	running sync.WaitGroup // test clocks on their way
	done    chan struct{}
	stop    sync.Once
}

// New opens a simulator, with the state of o.File when there is one.
func New(o Options) (*Sim, error) {
	if o.Clock == nil {
		o.Clock = NewClock(time.Time{})
	}
	if o.Key == "" {
		o.Key = "sk_test_sim"
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	s := &Sim{clock: o.Clock, key: o.Key, seed: o.Seed, store: newStore(), base: strings.TrimRight(o.BaseURL, "/"), done: make(chan struct{})}
	s.courier = &courier{sim: s, client: o.Client, mode: deliverImmediate, random: rand.New(rand.NewSource(o.Seed))}
	var err error
	if s.journal, err = openJournal(o.File, s.store, s.clock); err != nil {
		return nil, err
	}
	s.courier.resume()
	if s.clock.running {
		go s.follow()
	}
	return s, nil
}

// SetBaseURL says at which public address the handler is mounted.
func (s *Sim) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimRight(base, "/")
}

// Now is the simulated time.
func (s *Sim) Now() time.Time { return s.clock.Now() }

// Reset forgets all objects but webhook endpoints, and moves the clock back to
// its start.
func (s *Sim) Reset() {
	s.moving.Lock()
	defer s.moving.Unlock()
	s.courier.clear()
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := newStore()
	for _, id := range s.store.order["webhook_endpoint"] {
		fresh.save(s.store.rows[rowKey{"webhook_endpoint", id}])
	}
	fresh.seq = int64(len(fresh.rows))
	s.store = fresh
	s.clock.reset()
	s.journal.rewrite(fresh, s.clock)
}

// Close stops following the clock and closes the file.
func (s *Sim) Close() error {
	s.stop.Do(func() { close(s.done) })
	_ = s.Quiet(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// livesOn is the frozen time of a test clock, or the simulator's time.
func (t *tx) livesOn(clock string) {
	if clock == "" {
		return
	}
	if c, ok := find[*object.TestClock](t, clock); ok {
		t.now = c.FrozenTime
	}
}
