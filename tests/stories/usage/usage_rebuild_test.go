package usage

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
	"windfall/shared/usage"
	"windfall/tests/tabletest"
	. "windfall/tests/world"
)

// An operator has the sums of a customer made anew from the events. The schedule does it, though
// nothing is tracked; reports are right meanwhile, too.
func TestSumsAreRebuiltFromTheEvents(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for i := range 5 {
		w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": i + 1, "properties": JSON{"model": fmt.Sprint("m", i%2)}})
	}
	w.WaitIdle()
	w.Post("/v1/features/messages", JSON{"group_by": []string{"model"}})
	sum := func() any {
		return ValueAt(w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "7d"}), "total.messages.sum")
	}
	client := tabletest.Client(w.Stack.DB)
	for line := range strings.Lines(w.Stack.DB.Dump()) { // somebody's mistake
		if _, sk, found := strings.Cut(line, `"PK":{"S":"sandbox#SUMS#c"},"SK":{"S":"DAY#`); found {
			sk, _, _ = strings.Cut("DAY#"+sk, `"`)
			_, err := client.UpdateItem(t.Context(), &ddb.UpdateItemInput{TableName: &w.Stack.Template.Table.Name, UpdateExpression: aws.String("SET s = :s"),
				Key:                       map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "sandbox#SUMS#c"}, "SK": &types.AttributeValueMemberS{Value: sk}},
				ExpressionAttributeValues: map[string]types.AttributeValue{":s": &types.AttributeValueMemberN{Value: "999"}}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Want("a sum that is wrong", sum(), 999.0)

	store := dynamo.New(client, w.Stack.Template.Table.Name, "usd", time.Now, func(context.Context, int) bool { return true })
	begin := func(customer string) error {
		_, err := api.ClosePeriods(&app.App{Store: store, Log: slog.New(slog.DiscardHandler)}).Invoke(t.Context(),
			fmt.Appendf(nil, `{"time":%q,"rebuild_usage":{"env":"sandbox","customer_id":%q}}`, T0.Format(time.RFC3339), customer))
		return err
	}
	if err := begin("nobody"); err == nil {
		t.Error("a customer that is not there was taken")
	}
	if err := begin("c"); err != nil {
		t.Fatal(err)
	}
	w.Want("by the events", sum(), 15.0)
	for range 5 {
		w.Advance("6m")
		w.Want("meanwhile", sum(), 15.0)
	}
	mark, err := store.UsageMark(t.Context(), catalog.Sandbox, "c")
	if err != nil || mark.Pass != usage.Removed || mark.Generation != 1 {
		t.Errorf("%+v %v", mark, err)
	}
	days, err := store.UsageDays(t.Context(), catalog.Sandbox, "c", "messages", T0.AddDate(0, 0, -2), T0.AddDate(0, 0, 1), app.UsageDetail{GroupedBy: "model"})
	counts := map[int]int64{}
	for _, d := range days {
		counts[d.Bucket.Generation] += d.Total.Count
		if d.Bucket.Generation == 1 && d.Grouped["model"] != d.Total.Count {
			t.Errorf("not in groups: %+v", d)
		}
	}
	if err != nil || len(counts) != 1 || counts[1] != 5 {
		t.Errorf("a report reads sums of generations %v %v", counts, err)
	}
	w.Track("c", "messages", 1)
	w.WaitIdle()
	w.Want("tracks go on", sum(), 16.0)
}
