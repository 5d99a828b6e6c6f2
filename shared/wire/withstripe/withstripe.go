// Package withstripe builds the App of the functions that call Stripe. It is
// apart from package wire so that the binaries of check and track do not
// contain Stripe's client.
package withstripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/payments"
	"windfall/shared/wire"
)

// App connects to AWS and Stripe; see wire.App.
func App() *app.App {
	a := wire.App()
	a.Payments = payments.New(Secrets(), payments.Options{
		BaseURL: os.Getenv("STRIPE_API_BASE"),
		Now:     time.Now,
		Meter:   CountCalls,
	})
	return a
}

// CountCalls adds one Stripe call to the meter of the request.
func CountCalls(ctx context.Context) { app.MeterOf(ctx).StripeCalls.Add(1) }

// Secrets reads Stripe's keys: from variables on a laptop, else from the secret
// that STRIPE_SECRET_ARN names.
func Secrets() func(context.Context) (map[catalog.Env]payments.Secrets, error) {
	if key := os.Getenv("STRIPE_SECRET_KEY"); key != "" {
		local := map[catalog.Env]payments.Secrets{catalog.Sandbox: {
			APIKey: key, WebhookSecrets: []string{os.Getenv("STRIPE_WEBHOOK_SECRET")}}}
		return func(context.Context) (map[catalog.Env]payments.Secrets, error) { return local, nil }
	}
	cfg := wire.AWS()
	client := secretsmanager.New(secretsmanager.Options{Region: cfg.Region, Credentials: cfg.Credentials, HTTPClient: cfg.HTTPClient})
	return func(ctx context.Context) (map[catalog.Env]payments.Secrets, error) { return read(ctx, client) }
}

// secretText is the JSON in the secret.
type secretText map[catalog.Env]struct {
	APIKey         string   `json:"api_key"`
	WebhookSecrets []string `json:"webhook_secrets"`
}

func read(ctx context.Context, client *secretsmanager.Client) (map[catalog.Env]payments.Secrets, error) {
	out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(os.Getenv("STRIPE_SECRET_ARN"))})
	if unfilled(err) {
		return map[catalog.Env]payments.Secrets{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the Stripe secret: %w", err)
	}
	text := secretText{}
	if err := json.Unmarshal([]byte(aws.ToString(out.SecretString)), &text); err != nil {
		// The text itself must never reach a log.
		return nil, fmt.Errorf("the Stripe secret is not the JSON that docs/operations.md shows")
	}
	secrets := map[catalog.Env]payments.Secrets{}
	for env, s := range text {
		secrets[env] = payments.Secrets{APIKey: s.APIKey, WebhookSecrets: s.WebhookSecrets}
	}
	return secrets, nil
}

// unfilled reports whether the secret exists without a value, as template.yaml
// creates it. No environment can sell then, which is neither the caller's fault
// nor a reason for an alarm.
func unfilled(err error) bool {
	var missing *types.ResourceNotFoundException
	return errors.As(err, &missing) && strings.Contains(missing.ErrorMessage(), "staging label")
}
