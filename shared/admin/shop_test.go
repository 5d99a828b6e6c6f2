package admin_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/local/dynamodb"
	"windfall/local/template"
	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/wire"
)

var asker = app.Caller{Env: catalog.Sandbox, Actor: "am_sk_test", Now: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)}

// shop is an App over a database of its own, with the add-on "bonus", which the
// program "signup" gives away.
func shop(t *testing.T) *app.App {
	t.Helper()
	path, err := template.Find()
	must(t, err)
	stack, err := template.Load(path)
	must(t, err)
	db, err := dynamodb.Open(dynamodb.Options{})
	must(t, err)
	client := awsdynamodb.New(awsdynamodb.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://dynamodb.local"),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""), HTTPClient: db.Client(), RetryMaxAttempts: 1})
	_, err = client.CreateTable(t.Context(), stack.Table.CreateTableInput())
	must(t, err)
	a := wire.New(client, stack.Table.Name, slog.New(slog.DiscardHandler))
	must(t, a.Store.Commit(t.Context(), catalog.Sandbox,
		app.SaveProduct{Product: catalog.Product{ID: "bonus", AddOn: true, Version: 1}, New: true}))
	free, name := catalog.FreeProduct, "Gift"
	_, err = admin.Of(a).CreateReward(t.Context(), asker, catalog.EditReward{ID: "gift", Name: &name, Type: &free, FreeProduct: ptr("bonus")})
	must(t, err)
	_, err = admin.Of(a).CreateProgram(t.Context(), asker, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll})
	must(t, err)
	return a
}

func ptr[V any](v V) *V { return &v }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kind(err error) refusal.Kind {
	var known *refusal.Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}
