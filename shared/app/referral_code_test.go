package app_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/local/dynamodb"
	"windfall/local/template"
	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/wire"
)

var asker = app.Caller{Env: catalog.Sandbox, Actor: "am_sk_test", Now: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)}

// referrals is an App over a database of its own, with a program "signup" that
// gives both sides the add-on "bonus", and the customers asked for.
func referrals(t *testing.T, customers ...string) *app.App {
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
		app.SaveFeature{Feature: catalog.Feature{ID: "messages", Type: catalog.SingleUse}, New: true},
		app.SaveProduct{Product: catalog.Product{ID: "bonus", AddOn: true, Version: 1,
			Items: []catalog.Item{{ID: "pr_1", FeatureID: "messages", Included: money.Int(100)}}}, New: true}))
	free, name := catalog.FreeProduct, "Gift"
	_, err = admin.Of(a).CreateReward(t.Context(), asker, catalog.EditReward{ID: "gift", Name: &name, Type: &free, FreeProduct: ptr("bonus")})
	must(t, err)
	_, err = admin.Of(a).CreateProgram(t.Context(), asker, catalog.EditProgram{ID: "signup", When: catalog.OnSignUp, Reward: "gift", ReceivedBy: catalog.ForAll})
	must(t, err)
	for _, id := range customers {
		must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomer{Customer: billing.Customer{ID: id, InternalID: "cus_" + id}}))
	}
	return a
}

func ptr[V any](v V) *V { return &v }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drawing hands out these codes one after the other.
func drawing(codes ...string) func() string {
	var mu sync.Mutex
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		code := codes[0]
		if len(codes) > 1 {
			codes = codes[1:]
		}
		return code
	}
}

func TestACodeThatIsTakenIsDrawnAgain(t *testing.T) {
	a := referrals(t, "ada", "bob")
	a.NewCode = drawing("AAAAAA", "AAAAAA", "AAAAAA", "BBBBBB")
	ada, err := a.ReferralCode(t.Context(), asker, "ada", "signup")
	must(t, err)
	bob, err := a.ReferralCode(t.Context(), asker, "bob", "signup")
	must(t, err)
	if ada.Code != "AAAAAA" || bob.Code != "BBBBBB" {
		t.Errorf("got %s and %s", ada.Code, bob.Code)
	}
}

func TestDrawingCodesEndsSometime(t *testing.T) {
	a := referrals(t, "ada", "bob")
	draws := 0
	a.NewCode = func() string { draws++; return "AAAAAA" }
	a.Pause = func(context.Context, int) bool { return true }
	_, err := a.ReferralCode(t.Context(), asker, "ada", "signup")
	must(t, err)
	_, err = a.ReferralCode(t.Context(), asker, "bob", "signup")
	if kind(err) != refusal.KindUnavailable || draws != 1+10 {
		t.Errorf("after %d draws: %v", draws, err)
	}
}

func TestCustomersAskingAtOnceGetOneCode(t *testing.T) {
	a := referrals(t, "ada")
	codes := make([]string, 32)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() {
			code, err := a.ReferralCode(t.Context(), asker, "ada", "signup")
			if err != nil {
				t.Error(err)
			}
			codes[i] = code.Code
		})
	}
	wait.Wait()
	if slices.Sort(codes); len(slices.Compact(codes)) != 1 {
		t.Errorf("codes %v", codes)
	}
}

// A customer who is deleted while a code is made leaves no code behind.
func TestACodeNeverOutlivesItsCustomer(t *testing.T) {
	a := referrals(t, "ada")
	a.NewCode = func() string {
		s, _, err := a.Store.State(t.Context(), catalog.Sandbox, "ada")
		must(t, err)
		if s.Customer.InternalID != "" {
			must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.DeleteCustomer{Customer: s.Customer}))
		}
		return "AAAAAA"
	}
	if _, err := a.ReferralCode(t.Context(), asker, "ada", "signup"); kind(err) != refusal.KindNotFound {
		t.Errorf("got %v", err)
	}
	if _, found, err := a.Store.ReferralCode(t.Context(), catalog.Sandbox, "AAAAAA"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}
