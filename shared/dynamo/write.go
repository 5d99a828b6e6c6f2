package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	isNew    = "attribute_not_exists(PK)"
	isThere  = "attribute_exists(PK)"
	whenever = ""
)

type values = map[string]types.AttributeValue

// A table spells writes as items of one table.
type table struct {
	name string
	env  catalog.Env
}

func (t table) put(r row, condition string, v values) types.TransactWriteItem {
	p := &types.Put{TableName: &t.name, Item: r, ExpressionAttributeValues: v}
	if condition != "" {
		p.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Put: p}
}

func (t table) remove(k key, condition string, v values) types.TransactWriteItem {
	d := &types.Delete{TableName: &t.name, Key: k.attributes(), ExpressionAttributeValues: v}
	if condition != "" {
		d.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Delete: d}
}

func (t table) update(k key, expression, condition string, v values) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{TableName: &t.name, Key: k.attributes(),
		UpdateExpression: &expression, ConditionExpression: aws.String(condition), ExpressionAttributeValues: v}}
}

// atVersion holds when the row was last written at this version; 0 means that
// it was never written.
func atVersion(version int64) (string, values) {
	if version == 0 {
		return isNew, nil
	}
	return "ver = :ver", values{":ver": integer(version)}
}

// ifNew is the condition of a row that may have to be the first.
func ifNew(first bool) string {
	if first {
		return isNew
	}
	return whenever
}

type items = []types.TransactWriteItem

// itemsOf spells one write. Each kind states its condition here and nowhere else.
func itemsOf(name string, env catalog.Env, w app.Write) items {
	t := table{name, env}
	switch w := w.(type) {
	case app.SaveCustomer, app.DeleteCustomer, app.SaveCustomerProduct, app.SaveBalance, app.SettleUsage, app.DeleteRows,
		app.SaveOperation, app.EndOperation, app.Postpone, app.AddAudit, app.SaveInvoice, app.ForgetInvoice:
		return t.customerItems(w)
	case app.LinkStripe, app.BuryStripe, app.ReserveEmail, app.ReleaseEmail, app.ClaimTrial, app.EventDone, app.OperationDone:
		return t.lookUpItems(w)
	case app.SaveFeature, app.DeleteFeature, app.SaveProduct, app.DeleteProduct, app.MarkVersionInUse,
		app.SaveStripePrice, app.SaveSettings:
		return t.catalogItems(w)
	case app.SaveReward, app.DeleteReward, app.ReservePromoCode, app.ReleasePromoCode, app.SaveProgram, app.DeleteProgram,
		app.NewReferralCode, app.MoveReferralCode, app.CountRedemption, app.NewRedemption, app.OpenRedemption, app.CloseRedemption,
		app.TriggerRedemption, app.QueueReward, app.UnqueueReward, app.ApplyRedemption:
		return t.rewardItems(w)
	}
	panic(fmt.Sprintf("dynamo: no row for %T", w)) // a new kind of write starts here
}
