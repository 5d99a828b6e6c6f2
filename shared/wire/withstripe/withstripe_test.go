package withstripe

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"windfall/shared/catalog"
	"windfall/shared/payments"
)

// The secret is created without a value: until the operator fills it in, no
// environment is connected. A deleted secret, or one with another content, is a
// fault, and its text never appears.
func TestTheStripeSecret(t *testing.T) {
	t.Parallel()
	filled := map[catalog.Env]payments.Secrets{
		catalog.Sandbox: {APIKey: "sk_test_1", WebhookSecrets: []string{"whsec_1", "whsec_2"}}, catalog.Live: {APIKey: "sk_live_1"}}
	for what, c := range map[string]struct {
		status int
		body   string
		want   map[catalog.Env]payments.Secrets
		fails  string
	}{
		"filled in":   {200, `{"SecretString":"{\"sandbox\":{\"api_key\":\"sk_test_1\",\"webhook_secrets\":[\"whsec_1\",\"whsec_2\"]},\"live\":{\"api_key\":\"sk_live_1\"}}"}`, filled, ""},
		"just made":   {400, `{"__type":"ResourceNotFoundException","message":"Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"}`, map[catalog.Env]payments.Secrets{}, ""},
		"deleted":     {400, `{"__type":"ResourceNotFoundException","message":"Secrets Manager can't find the specified secret."}`, nil, "find the specified secret"},
		"forbidden":   {400, `{"__type":"AccessDeniedException","message":"not authorized"}`, nil, "not authorized"},
		"a key alone": {200, `{"SecretString":"sk_live_alone"}`, nil, "docs/operations.md"},
		"empty text":  {200, `{"SecretString":""}`, nil, "docs/operations.md"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			t.Cleanup(server.Close)
			got, err := read(t.Context(), secretsmanager.New(secretsmanager.Options{Region: "eu-west-1", BaseEndpoint: &server.URL,
				Credentials: aws.AnonymousCredentials{}, Retryer: aws.NopRetryer{}}))
			if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("the error is %v", err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v", got)
			}
			if err != nil && strings.Contains(err.Error(), "sk_live") {
				t.Errorf("the error contains a key: %v", err)
			}
		})
	}
}
