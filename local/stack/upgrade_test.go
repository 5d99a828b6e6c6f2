package stack

import (
	"testing"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// Data that an earlier release kept is upgraded when a stack opens it: a code that was in no list is in it.
func TestKeptDataIsUpgraded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *Stack {
		t.Helper()
		s, err := Open(Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	caller := app.Caller{Env: catalog.Sandbox, Now: s.Sim.Now()}
	name, kind := "Ten", catalog.PercentageDiscount
	_, err := admin.Of(s.app(nil)).CreateReward(t.Context(), caller, catalog.EditReward{ID: "ten", Name: &name, Type: &kind, Discount: &catalog.WantedDiscount{Value: money.Int(10), Duration: catalog.OneOffDiscount}},
		&[]admin.WantedCode{{NewCode: reward.NewCode{Code: "OLD"}}})
	if err != nil {
		t.Fatal(err)
	}
	table := s.Template.Table.Name
	all, err := s.client.Scan(t.Context(), &ddb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Items {
		if sk, _ := r["SK"].(*types.AttributeValueMemberS); sk.Value == "CODE#OLD#" {
			delete(r, "list_pk")
			delete(r, "list_sk")
			if _, err := s.client.PutItem(t.Context(), &ddb.PutItemInput{TableName: &table, Item: r}); err != nil {
				t.Fatal(err)
			}
		}
	}
	listed := func() int {
		t.Helper()
		page, _, err := s.app(nil).Store.(app.ListStore).ListedCodes(t.Context(), catalog.Sandbox, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(page)
	}
	if n := listed(); n != 0 {
		t.Fatalf("%d codes of before are listed", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	defer func() { _ = s.Close() }()
	if n := listed(); n != 1 {
		t.Errorf("%d codes are listed after the upgrade", n)
	}
}
