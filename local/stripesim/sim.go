package stripesim

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"windfall/local/journal"
	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// Options say where a simulator lives. The zero value is a simulator in memory
// that runs with the wall clock.
type Options struct {
	Clock   *Clock
	Key     string                // the only secret key accepted; default "sk_test_sim"
	BaseURL string                // public address of the handler, without a slash at the end
	File    string                // where the state is kept; "" keeps it in memory only
	Files   journal.Files         // how; nil is the operating system
	Log     *slog.Logger          // hears of what could not be written; nil discards it
	Near    func(url string) bool // tells of webhooks that Client delivers within this process; may be nil
	Client  *http.Client          // delivers webhooks; default a client with a timeout of 30 s
	Shop    string                // the seller's name, on pages and invoices; default "Demo shop"
	Home    string                // the page that the hosted pages call the start page; "" for none
	Seed    int64                 // ids depend only on the seed and on what was asked before
}

// Sim is a Stripe account. All methods may be called at the same time.
type Sim struct {
	clock *Clock
	key   string
	seed  int64
	log   *slog.Logger
	shop  string
	near  func(url string) bool

	mu      sync.Mutex // guards store, journal, bodies, base and the members of tx
	store   *store.Store
	journal *store.Journal
	bodies  bodies
	working map[string]bool // idempotency keys of requests being answered
	base    string

	moving  sync.Mutex   // held while the clock moves
	steps   atomic.Int64 // things that fell due and were done
	courier *delivery.Courier
	pages   *hosted.Server
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
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sim{clock: o.Clock, key: o.Key, seed: o.Seed, log: o.Log, shop: o.Shop, near: o.Near, working: map[string]bool{}, base: strings.TrimRight(o.BaseURL, "/"), done: make(chan struct{})}
	s.store = s.newStore()
	s.pages = hosted.New(hostedAccount{s}, hosted.Options{Shop: o.Shop, Home: o.Home, Cards: offeredCards()})
	s.courier = delivery.New(outbox{s}, o.Client, o.Seed)
	if err := s.open(o); err != nil {
		return nil, err
	}
	s.courier.Resume(store.Rows[*object.Event](s.store))
	s.forget() // the file has what was forgotten, until it is written anew
	s.journal.Shrink(s.store)
	s.resumeTestClocks()
	if s.clock.running {
		go s.follow()
	}
	return s, nil
}

// open reads the state that an earlier process left.
func (s *Sim) open(o Options) error {
	file, last, err := store.Open(store.Options{Path: o.File, Kinds: kinds, Files: o.Files, Log: o.Log}, s.store)
	if err != nil {
		return err
	}
	if last != nil {
		s.clock.restore(last.At, last.Offset)
	}
	// embedded prices and coupons become the stored ones again; those of packed rows
	// do when they are read
	t := &tx{Tx: s.store.Begin(), s: s}
	s.store.Present(func(r object.Row) { t.freshen(r) })
	s.journal = file
	return nil
}

// SetBaseURL says at which public address the handler is mounted.
func (s *Sim) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimRight(base, "/")
}

// Now is the simulated time.
func (s *Sim) Now() time.Time { return s.clock.Now() }

// Done counts the things that fell due and were done.
func (s *Sim) Done() int64 { return s.steps.Load() }

// Reset forgets all objects but webhook endpoints, and moves the clock back to
// its start. When that cannot be written nothing is forgotten.
func (s *Sim) Reset() error {
	s.moving.Lock()
	defer s.moving.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := s.newStore()
	for _, w := range store.Rows[*object.WebhookEndpoint](s.store) {
		fresh.Save(w)
	}
	undo := s.clock.reset()
	mark := s.mark(0)
	mark.Requests = 0
	if err := s.journal.Reset(fresh, mark); err != nil {
		undo()
		return fmt.Errorf("forget all objects: %w", err)
	}
	s.courier.Clear()
	s.store, s.bodies = fresh, bodies{}
	return nil
}

// Close stops following the clock and closes the file.
func (s *Sim) Close() error {
	s.stop.Do(func() { close(s.done) })
	_ = s.Quiet(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.Close()
}
