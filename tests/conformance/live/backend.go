package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"windfall/local/stripesim"
)

// A backend is a Stripe account in test mode.
type backend interface {
	// client sends through a transport that notes the requests.
	client(note func(http.RoundTripper) http.RoundTripper) *client.API
	// start is the start of the test clocks.
	start() time.Time
	// patience is how often to poll for a change, and the pause in between.
	patience() (looks int, pause time.Duration)
}

// simulator answers in this process, from an empty account.
type simulator struct{ sim *stripesim.Sim }

var simulated = time.Date(2027, time.April, 1, 0, 0, 0, 0, time.UTC)

func newSimulator() (*simulator, error) {
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(simulated), BaseURL: "http://stripe.local"})
	return &simulator{sim}, err
}

func (s *simulator) client(note func(http.RoundTripper) http.RoundTripper) *client.API {
	return connect("sk_test_sim", "http://stripe.local", note(s.sim.Transport()), 0)
}

func (*simulator) start() time.Time               { return simulated }
func (*simulator) patience() (int, time.Duration) { return 2000, 5 * time.Millisecond }

// stripeItself answers over the network, from an account that others may use
// at the same time.
type stripeItself struct {
	key, url string
	begun    time.Time
	pause    time.Duration
}

var errKey = errors.New("STRIPE_TEST_KEY is no test key (sk_test_…); nothing was sent")

// newStripe refuses every key that could move money, before and after the call.
func newStripe(key string, now time.Time) (*stripeItself, error) {
	return newStripeAt(key, stripe.APIURL, now)
}

func newStripeAt(key, url string, now time.Time) (*stripeItself, error) {
	if !strings.HasPrefix(key, "sk_test_") {
		return nil, errKey
	}
	b := &stripeItself{key: key, url: url, begun: now.UTC().Truncate(24 * time.Hour), pause: 3 * time.Second}
	balance, err := b.client(quietly).Balance.Get(nil)
	if err != nil {
		return nil, fmt.Errorf("ask Stripe for the balance: %w", err)
	}
	if balance.Livemode {
		return nil, errors.New("the key is live, says Stripe; nothing was changed")
	}
	return b, nil
}

func (b *stripeItself) client(note func(http.RoundTripper) http.RoundTripper) *client.API {
	return connect(b.key, b.url, note(http.DefaultTransport), 3)
}

func (b *stripeItself) start() time.Time               { return b.begun }
func (b *stripeItself) patience() (int, time.Duration) { return 200, b.pause }

func connect(key, url string, transport http.RoundTripper, retries int64) *client.API {
	b := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL: &url, HTTPClient: &http.Client{Transport: transport, Timeout: 80 * time.Second}, EnableTelemetry: stripe.Bool(false),
		MaxNetworkRetries: &retries, LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	return client.New(key, &stripe.Backends{API: b, Connect: b, Uploads: b})
}

func quietly(t http.RoundTripper) http.RoundTripper { return t }
