// Package wire builds the App from the environment. Below shared/, it and its
// package withstripe alone know the adapters, the wall clock and randomness.
//
// The environment variables. template.yaml declares all but Lambda's own:
//
//	TABLE_NAME                 the table
//	DEFAULT_CURRENCY           what prices are in where the settings say nothing else
//	STACK_NAME                 the stack, which every log line and metric carries
//	AWS_ENDPOINT_URL_DYNAMODB  another database than AWS's; empty in AWS
//	AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//	                           set by Lambda itself
//	AWS_LAMBDA_FUNCTION_MEMORY_SIZE
//	                           set by Lambda: bounds Go's memory; see memory.go
//	STRIPE_SECRET_ARN          functions that call Stripe: the secret with its
//	                           keys; see package withstripe
//	STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE
//	                           on a laptop, instead of the secret
package wire

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/dynamo"
	"windfall/shared/money"
)

// App connects to AWS, not to Stripe: check and track must start fast. It runs
// once per cold start and panics on a bad setup, so that a broken deployment
// fails at once and in one place.
func App() *app.App {
	collectRarely()
	return New(dynamodb.New(Options(AWS())), env("TABLE_NAME"), currency(), Log(os.Stdout, env("STACK_NAME")))
}

// currency is the environment variable, and panics on what Stripe doesn't charge in.
func currency() money.Currency {
	c := money.Currency(env("DEFAULT_CURRENCY"))
	if !c.Known() {
		panic("DEFAULT_CURRENCY is no currency of Stripe's: " + string(c))
	}
	return c
}

// Log writes one line of JSON for each entry, with the stack that its metrics
// are counted for.
func Log(w io.Writer, stack string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, nil)).With("stack", stack)
}

// New builds an App with a database client; currency is that of an environment whose
// settings say none. Payments is left nil.
func New(client dynamo.Client, table string, currency money.Currency, log *slog.Logger) *app.App {
	return &app.App{
		Store:   dynamo.New(client, table, currency, time.Now, pause),
		NewID:   newID,
		NewCode: newCode,
		Random:  Random,
		Pause:   pause,
		Log:     log,
	}
}

// AWS is the configuration that Lambda gives a function. It is built by hand:
// config.LoadDefaultConfig costs more than half of a cold start and looks for
// sources that a Lambda never has.
func AWS() aws.Config {
	return aws.Config{
		Region:      env("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(credentials),
		HTTPClient:  newClient(),
	}
}

// Options are the options of the database client.
func Options(cfg aws.Config) dynamodb.Options {
	o := dynamodb.Options{Region: cfg.Region, Credentials: cfg.Credentials, HTTPClient: cfg.HTTPClient,
		EndpointResolverV2: newEndpoint(), AccountIDEndpointMode: aws.AccountIDEndpointModeDisabled,
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = 3, 250*time.Millisecond // a caller waits; API Gateway gives up after 30 s
		})}
	if url := optional("AWS_ENDPOINT_URL_DYNAMODB"); url != "" {
		o.BaseEndpoint = &url
	}
	return o
}

// env returns a required variable, and panics if it is not set.
func env(name string) string {
	v := os.Getenv(name)
	if v == "" {
		panic("environment variable " + name + " is not set; see template.yaml")
	}
	return v
}

// optional returns a variable that may be empty.
func optional(name string) string { return os.Getenv(name) }
