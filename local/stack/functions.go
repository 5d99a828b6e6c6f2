package stack

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stripe/stripe-go/v76"

	"windfall/local/gateway"
	"windfall/shared/api/endpoints"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard"
	"windfall/shared/dashboard/web"
	"windfall/shared/payments"
	"windfall/shared/wire"
	"windfall/shared/wire/withstripe"
)

// openGateway puts the gateway in front of the functions: in this process, or
// as the binaries of AWS.
func (s *Stack) openGateway() (err error) {
	policies, err := tablePolicies(s.Template)
	if err != nil {
		return err
	}
	s.DB.SetGuard(policies.of)
	backend := s.inProcess()
	if s.Options.Binaries != "" {
		if s.Processes, err = gateway.Bootstrap(s.Options.Binaries, s.Template, s.environment, gateway.BootstrapOptions{Log: os.Stderr}); err != nil {
			return err
		}
		backend = s.Processes
	}
	if s.Gateway, err = s.gateway(backend); err != nil {
		return err
	}
	s.feed.to(s.Gateway)
	return nil
}

func (s *Stack) gateway(backend gateway.Backend) (*gateway.Gateway, error) {
	return gateway.New(s.Template, backend, gateway.Options{Now: s.Sim.Now, Patient: !s.Clock.IsZero(), Log: s.Log})
}

// Another is a gateway to other instances of the functions, over the same table: as Lambda has them where requests
// come at once, each with a memory of its own.
func (s *Stack) Another() (*gateway.Gateway, error) { return s.gateway(s.inProcess()) }

// Restart starts the functions afresh, as a new deployment does: their memory
// is empty, stored data stays.
func (s *Stack) Restart() error {
	if s.Processes != nil {
		if err := s.Processes.Close(); err != nil {
			return err
		}
	}
	return s.openGateway()
}

// inProcess builds every function over the embedded database and the
// simulator, without a socket in between.
func (s *Stack) inProcess() gateway.Backend {
	a := s.app(s.Faults.DynamoDB)
	handlers := map[string]lambda.Handler{}
	for name, f := range endpoints.Functions(a) {
		handlers[name] = f
	}
	handlers["dashboard"] = web.NewFunction(dashboard.Site(a, web.Options{Clock: true}))
	return gateway.InProcess(handlers)
}

// app is the App over the embedded database and the simulator.
func (s *Stack) app(fault func(http.RoundTripper) http.RoundTripper) *app.App {
	a := wire.New(s.database(fault), s.Template.Table.Name, s.Currency, s.Log)
	a.Payments = payments.New(s.secrets, payments.Options{
		BaseURL: s.stripeBase(), HTTPClient: s.stripeClient(), Now: time.Now, Meter: withstripe.CountCalls, SuccessURL: s.BaseURL + "/_stripe/pay/done?session_id={CHECKOUT_SESSION_ID}",
		Backend: s.stripeBackend(),
	})
	if s.Faults.Hurry {
		a.Pause = func(ctx context.Context, _ int) bool { return ctx.Err() == nil }
	}
	return a
}

func (s *Stack) database(fault func(http.RoundTripper) http.RoundTripper) client {
	transport := s.DB.Transport()
	if fault != nil {
		transport = fault(transport)
	}
	// A region that the SDK knows: for any other it compiles its rules on every
	// call.
	cfg := aws.Config{Region: "us-east-1", HTTPClient: &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		})}
	o := wire.Options(cfg)
	o.BaseEndpoint = aws.String("http://dynamodb.local")
	if s.Faults.Hurry {
		o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Microsecond)
	}
	if fault != nil { // a test that breaks connections needs some
		return client{Client: ddb.New(o)}
	}
	return client{ddb.New(o), s.DB}
}

func (s *Stack) stripeBase() string {
	if s.StripeKey != "" {
		return "" // Stripe itself
	}
	return "http://stripe.local"
}

func (s *Stack) stripeClient() *http.Client {
	if s.StripeKey != "" {
		return nil
	}
	transport := s.simulated()
	if s.Faults.Stripe != nil {
		transport = s.Faults.Stripe(transport)
	}
	return &http.Client{Transport: transport}
}

// stripeBackend is nil for Stripe itself, and for tests that break connections.
func (s *Stack) stripeBackend() func(stripe.Backend) stripe.Backend {
	if s.StripeKey != "" || s.Faults.Stripe != nil {
		return nil
	}
	return nearBackend(s.simulated(), withstripe.CountCalls)
}

func (s *Stack) secrets(context.Context) (map[catalog.Env]payments.Secrets, error) {
	all := map[catalog.Env]payments.Secrets{catalog.Sandbox: {APIKey: s.stripeKey(), WebhookSecrets: []string{s.webhookSecret}}}
	if s.LiveSim != nil {
		all[catalog.Live] = payments.Secrets{APIKey: liveSimKey, WebhookSecrets: []string{s.liveSecret}}
	}
	return all, nil
}

func (s *Stack) stripeKey() string {
	if s.StripeKey != "" {
		return s.StripeKey
	}
	return simKey
}

// environment is the environment of a function's binary, in place of AWS's.
func (s *Stack) environment(function string) []string {
	vars := []string{
		"AWS_ACCESS_KEY_ID=" + functionIdentity + function, // the identity for the database
		"TABLE_NAME=" + s.Template.Table.Name,
		"DEFAULT_CURRENCY=" + string(s.Currency),
		"STACK_NAME=local",
		"AWS_ENDPOINT_URL_DYNAMODB=" + s.BaseURL + "/_dynamodb",
		"STRIPE_SECRET_KEY=" + s.stripeKey(),
		"STRIPE_WEBHOOK_SECRET=" + s.webhookSecret,
	}
	if s.StripeKey == "" {
		vars = append(vars, "STRIPE_API_BASE="+s.BaseURL+"/_stripe")
	}
	return vars
}

// Due runs the scheduled functions at a time, and removes the rows whose time to
// live is over.
func (s *Stack) Due(ctx context.Context, at time.Time) error {
	s.DB.ExpireTTL(at)
	if _, err := s.Gateway.InvokeScheduled(ctx, "close_periods", at); err != nil {
		return fmt.Errorf("close_periods at %s: %w", at.Format(time.RFC3339), err)
	}
	return nil
}
