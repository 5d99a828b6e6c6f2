package stripesim

import (
	"context"
	"math/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// Options say where a simulator lives. The zero value is a simulator in memory
// that runs with the wall clock.
type Options struct {
	Clock   *Clock
	Key     string       // the only secret key accepted; default "sk_test_sim"
	BaseURL string       // public address of the handler, without a slash at the end
	File    string       // where the state is kept; "" keeps it in memory only
	Client  *http.Client // delivers webhooks; default a client with a timeout of 30 s
	Shop    string       // the seller's name, on pages and invoices; default "Demo shop"
	Home    string       // the page that the hosted pages call the start page; "" for none
	Seed    int64        // ids depend only on the seed and on what was asked before
}

// Sim is a Stripe account. All methods may be called at the same time.
type Sim struct {
	clock *Clock
	key   string
	seed  int64
	shop  string
	home  string

	mu      sync.Mutex // guards store, journal, base and the members of tx
	store   *store.Store
	journal *store.Journal
	working map[string]bool // idempotency keys of requests being answered
	base    string

	moving  sync.Mutex // held while the clock moves
	courier *courier
	gate    gate
	clocks  int           // test clocks on their way, guarded by mu
	arrived chan struct{} // closed when none is, guarded by mu
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
	if o.Shop == "" {
		o.Shop = "Demo shop"
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	s := &Sim{clock: o.Clock, key: o.Key, seed: o.Seed, shop: o.Shop, home: o.Home, store: store.New(plan), working: map[string]bool{}, base: strings.TrimRight(o.BaseURL, "/"), done: make(chan struct{})}
	s.courier = &courier{sim: s, client: o.Client, mode: deliverImmediate, random: rand.New(rand.NewSource(o.Seed))}
	if err := s.open(o.File); err != nil {
		return nil, err
	}
	s.courier.resume()
	if s.clock.running {
		go s.follow()
	}
	return s, nil
}

// open reads the state that an earlier process left.
func (s *Sim) open(file string) error {
	journal, last, err := store.Open(file, s.store, kinds)
	if err != nil {
		return err
	}
	if last != nil {
		s.clock.restore(last.At, last.Offset)
	}
	// embedded prices and coupons become the stored ones again
	t := &tx{Tx: s.store.Begin(), s: s}
	for kind := range kinds {
		for _, id := range s.store.IDs(kind) {
			r, _ := s.store.Get(store.Key{Kind: kind, ID: id})
			t.freshen(r)
		}
	}
	s.journal = journal
	return journal.Rewrite(s.store, s.mark())
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
	fresh := store.New(plan)
	for _, w := range store.Rows[*object.WebhookEndpoint](s.store) {
		fresh.Save(w)
	}
	s.store = fresh
	s.clock.reset()
	_ = s.journal.Rewrite(fresh, s.mark())
}

// Close stops following the clock and closes the file.
func (s *Sim) Close() error {
	s.stop.Do(func() { close(s.done) })
	_ = s.Quiet(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.Close()
}
