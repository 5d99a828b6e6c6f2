// Package stack assembles the local stack: the embedded database, the Stripe
// simulator, the gateway and the functions, under one address.
//
//	/v1          the API, through real API Gateway events
//	/            a page that shows what is there; see package front
//	/_stripe/    Stripe: its API under /v1, and the hosted pages; those of a live environment at /_stripe_live/
//	/_dynamodb   the database, for function binaries and the AWS command line
//	/_local/     the control API; see package control
//	/dashboard   the dashboard: a browser without a session is signed in as "local"
//	/docs        a page that shows the API and tries its calls; /openapi.yaml is the contract
//
// One call of the API is the stack's own: that which moves the clock of a customer.
package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/contract"
	"windfall/local/dynamodb"
	"windfall/local/explorer"
	"windfall/local/gateway"
	"windfall/local/stripesim"
	"windfall/local/template"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
)

// Options of [Open]. The zero value is a stack in memory with the wall clock,
// for `go test`.
type Options struct {
	BaseURL             string         // public address; default http://127.0.0.1:8787
	Dir                 string         // folder of the data; "" keeps it in memory only
	Clock               time.Time      // stops the clock here; zero is the wall clock
	Key                 string         // the API key; default DefaultKey
	Binaries            string         // run the built functions of this folder instead of those in this process
	Currency            money.Currency // of an environment whose settings say none; default usd
	StripeKey           string         // talk to Stripe itself with this test key
	StripeWebhookSecret string
	StripeAddr          string   // a second address, for the simulator alone
	Events              []string // types that the webhook listens to; nil is every type
	Shop                string   // the seller's name on the hosted pages
	Live                bool     // a live environment, too, at an account of its own of the simulator; see LiveKey
	Log                 *slog.Logger
	Faults              Faults          // for tests
	Watch               *contract.Watch // checks every exchange of the API; nil checks none
}

// Faults let a test intercept the calls of the functions.
type Faults struct {
	DynamoDB func(http.RoundTripper) http.RoundTripper
	Stripe   func(http.RoundTripper) http.RoundTripper
	Hurry    bool // no pause before a retry
}

const (
	DefaultKey     = "am_sk_test_local"
	PublishableKey = "am_pk_test_local" // every stack has it, beside its secret key
	DefaultBaseURL = "http://127.0.0.1:8787"

	// AdvanceTestClock moves the clock where the stack simulates Stripe. A deployment refuses it.
	AdvanceTestClock = "/v1/customers.advance_test_clock"
)

// A Stack is a running stack.
type Stack struct {
	Options
	Template  *template.Template
	DB        *dynamodb.DB
	Sim       *stripesim.Sim
	LiveSim   *stripesim.Sim // the account of the live environment; nil without one
	Gateway   *gateway.Gateway
	Processes *gateway.Processes // nil while the functions run in process

	feed          *feed
	client        client
	clock         *stripesim.Clock
	webhookSecret string
	liveSecret    string // that of the live environment's webhook
	mux           *http.ServeMux
	explorer      http.Handler
	api           http.Handler // the gateway, watched where the options say so
	controlled    bool
	pages         *web.Site // of the dashboard, that are not deployed; and its sign-in
}

// Open starts a stack. Close ends it.
func Open(o Options) (s *Stack, err error) {
	o.fill()
	s = &Stack{Options: o, mux: http.NewServeMux()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, step := range []func() error{s.readTemplate, s.openStripe, s.openLive, s.openDatabase, s.registerWebhooks, s.openGateway, s.openAPI, s.openPages} {
		if err := step(); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *Stack) openAPI() error {
	s.explorer = explorer.New(s.BaseURL, s.Key)
	s.api = s.watched(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Gateway.ServeHTTP(w, r) })) // a restart makes another
	return nil
}

// watched returns a handler of the API, watched where the options say so.
func (s *Stack) watched(h http.Handler) http.Handler {
	if s.Watch == nil {
		return h
	}
	return s.Watch.Around(h)
}

func (o *Options) fill() {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	if o.Currency == "" {
		o.Currency = "usd"
	}
	if o.Key == "" {
		o.Key = DefaultKey
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

func (s *Stack) file(name string) string {
	if s.Dir == "" {
		return ""
	}
	return filepath.Join(s.Dir, name)
}

func (s *Stack) readTemplate() (err error) {
	s.Template, err = deployment()
	return err
}

func (s *Stack) openStripe() (err error) {
	s.clock = stripesim.NewClock(s.Options.Clock)
	s.Sim, err = s.account(simKey, "/_stripe", "stripe.jsonl", 0)
	return err
}

// account opens an account at the simulator, under the stack's clock.
func (s *Stack) account(key, path, file string, seed int64) (*stripesim.Sim, error) {
	return stripesim.New(stripesim.Options{
		Clock: s.clock, Key: key, Seed: seed, BaseURL: s.BaseURL + path, Shop: s.Shop, Home: s.BaseURL + "/", File: s.file(file), Log: s.Log,
		Near:   func(url string) bool { return strings.HasPrefix(url, s.BaseURL+"/") },
		Client: &http.Client{Transport: home{s}, Timeout: 30 * time.Second},
	})
}

func (s *Stack) openDatabase() (err error) {
	if s.DB, err = dynamodb.Open(dynamodb.Options{Dir: s.file("dynamodb"), Now: s.Sim.Now, Log: s.Log}); err != nil {
		return err
	}
	s.client = s.database(nil)
	s.feed = newFeed()
	s.DB.Subscribe(s.feed.take)
	ctx := context.Background()
	var exists *types.ResourceInUseException
	if _, err = s.client.CreateTable(ctx, s.Template.Table.CreateTableInput()); err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create the table: %w", err)
	}
	return errors.Join(s.putKeys(ctx), s.upgrade(ctx))
}

// putKeys stores the API keys, two for each environment. It does so at each start, so
// data that was kept before there was one of them gets it.
func (s *Stack) putKeys(ctx context.Context) (err error) {
	for text, key := range s.apiKeys() {
		err = errors.Join(err, s.PutKey(ctx, text, key))
	}
	return err
}

// ServeHTTP serves everything under one address.
func (s *Stack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.admit(w, r) || s.stray(w, r) {
		return
	}
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/_local/"), path == "/" && r.Method == http.MethodGet,
		path == AdvanceTestClock && r.Method == http.MethodPost && s.StripeKey == "" && s.controlled:
		s.mux.ServeHTTP(w, r)
	case explorer.Serves(path):
		s.explorer.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/_stripe/"):
		http.StripPrefix("/_stripe", s.accountOf(r)).ServeHTTP(w, r)
	case strings.HasPrefix(path, liveSimPath+"/") && s.LiveSim != nil:
		http.StripPrefix(liveSimPath, s.LiveSim).ServeHTTP(w, r)
	case path == ui.Root || strings.HasPrefix(path, ui.Root+"/"):
		s.dashboard(w, r)
	case path == "/_dynamodb" || path == "/_dynamodb/":
		s.DB.ServeHTTP(w, r)
	default:
		s.api.ServeHTTP(w, r)
	}
}

// Control mounts the control API, and the front page with it.
func (s *Stack) Control(h http.Handler) {
	s.controlled = true
	s.mux.Handle("/_local/", h)
	s.mux.Handle(AdvanceTestClock, s.watched(h))
	s.mux.Handle("/{$}", h)
}

// Close ends the processes and writes the rest to disk.
func (s *Stack) Close() error {
	var errs []error
	if s.feed != nil {
		errs = append(errs, s.feed.close())
	}
	for _, account := range s.accounts() {
		if account != nil {
			errs = append(errs, account.Close())
		}
	}
	if s.Processes != nil {
		errs = append(errs, s.Processes.Close())
	}
	if s.DB != nil {
		errs = append(errs, s.DB.Close())
	}
	return errors.Join(errs...)
}
