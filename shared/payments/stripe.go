package payments

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
	portal "github.com/stripe/stripe-go/v76/billingportal/session"
	"github.com/stripe/stripe-go/v76/charge"
	"github.com/stripe/stripe-go/v76/checkout/session"
	"github.com/stripe/stripe-go/v76/coupon"
	"github.com/stripe/stripe-go/v76/customer"
	"github.com/stripe/stripe-go/v76/customerbalancetransaction"
	"github.com/stripe/stripe-go/v76/dispute"
	"github.com/stripe/stripe-go/v76/invoice"
	"github.com/stripe/stripe-go/v76/invoiceitem"
	"github.com/stripe/stripe-go/v76/price"
	"github.com/stripe/stripe-go/v76/product"
	"github.com/stripe/stripe-go/v76/promotioncode"
	"github.com/stripe/stripe-go/v76/subscription"
	"github.com/stripe/stripe-go/v76/subscriptionitem"
	"github.com/stripe/stripe-go/v76/subscriptionschedule"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// callTimeout bounds one request. Stripe takes up to a few seconds to create a
// subscription; three calls that take all of it still end within the function's
// 29 s, and the context's deadline ends any that take longer.
const callTimeout = 8 * time.Second

// Stripe implements app.Payments.
type Stripe struct {
	secrets    *vault
	backend    stripe.Backend
	successURL string
}

var _ app.Payments = (*Stripe)(nil)

// A Meter is called for every request to Stripe.
type Meter func(ctx context.Context)

// Options are the differences between the cloud, a laptop and a test.
type Options struct {
	BaseURL    string           // without /v1; "" is Stripe itself
	HTTPClient *http.Client     // nil is a client of our own
	Now        func() time.Time // for the age of the secrets
	Meter      Meter            // may be nil
	SuccessURL string           // where a paid page leads if the caller gives no URL; "" is Stripe's site

	Backend func(stripe.Backend) stripe.Backend // replaces stripe-go's; may be nil
}

// New returns Stripe with the secrets of each environment. They are read at
// first need, and again after five minutes.
func New(secrets func(context.Context) (map[catalog.Env]Secrets, error), o Options) *Stripe {
	if o.SuccessURL == "" {
		o.SuccessURL = "https://stripe.com"
	}
	s := &Stripe{
		secrets:    &vault{read: secrets, now: o.Now},
		backend:    backend(o),
		successURL: o.SuccessURL,
	}
	if o.Backend != nil {
		s.backend = o.Backend(s.backend)
	}
	return s
}

// backend never retries by itself: stripe-go would sleep without watching the
// context, and an operation is repeated as a whole, with the same keys. A
// connection that died while the function was frozen is replaced by net/http,
// which repeats requests that carry an Idempotency-Key.
func backend(o Options) stripe.Backend {
	client := http.Client{}
	if o.HTTPClient != nil {
		client = *o.HTTPClient
	}
	if client.Timeout == 0 {
		client.Timeout = callTimeout
	}
	if o.Meter != nil {
		client.Transport = metered{next: client.Transport, meter: o.Meter}
	}
	config := &stripe.BackendConfig{
		HTTPClient:        &client,
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull}, // its lines are not JSON
	}
	if o.BaseURL != "" {
		config.URL = stripe.String(o.BaseURL)
	}
	return stripe.GetBackendWithConfig(stripe.APIBackend, config)
}

type metered struct {
	next  http.RoundTripper
	meter Meter
}

func (m metered) RoundTrip(r *http.Request) (*http.Response, error) {
	m.meter(r.Context())
	if m.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return m.next.RoundTrip(r)
}

// An account is Stripe with one environment's key.
type account struct {
	*Stripe
	env           catalog.Env
	key           string
	customers     customer.Client
	balances      customerbalancetransaction.Client
	prices        price.Client
	subscriptions subscription.Client
	items         subscriptionitem.Client
	schedules     subscriptionschedule.Client
	invoices      invoice.Client
	invoiceItems  invoiceitem.Client
	sessions      session.Client
	products      product.Client
	coupons       coupon.Client
	codes         promotioncode.Client
	portals       portal.Client
	charges       charge.Client
	disputes      dispute.Client
}

// account returns the errors of vault.of, and those of reading the secrets.
func (s *Stripe) account(ctx context.Context, env catalog.Env) (account, error) {
	secrets, err := s.secrets.of(ctx, env)
	if err != nil {
		return account{}, err
	}
	b, key := s.backend, secrets.APIKey
	return account{
		Stripe: s, env: env, key: key,
		customers:     customer.Client{B: b, Key: key},
		balances:      customerbalancetransaction.Client{B: b, Key: key},
		prices:        price.Client{B: b, Key: key},
		subscriptions: subscription.Client{B: b, Key: key},
		items:         subscriptionitem.Client{B: b, Key: key},
		schedules:     subscriptionschedule.Client{B: b, Key: key},
		invoices:      invoice.Client{B: b, Key: key},
		invoiceItems:  invoiceitem.Client{B: b, Key: key},
		sessions:      session.Client{B: b, Key: key},
		products:      product.Client{B: b, Key: key},
		coupons:       coupon.Client{B: b, Key: key},
		codes:         promotioncode.Client{B: b, Key: key},
		portals:       portal.Client{B: b, Key: key},
		charges:       charge.Client{B: b, Key: key},
		disputes:      dispute.Client{B: b, Key: key},
	}, nil
}
