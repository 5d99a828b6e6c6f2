package dynamo

import (
	"cmp"
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

var _ app.InvoiceReader = (*Store)(nil)

// invoicePosition is what a cursor of invoices holds.
var invoicePosition = regexp.MustCompile(`^` + invoicePrefix + `[0-9]{15}#[0-9A-Za-z_-]{1,255}$`)

// InvoicePage implements app.InvoiceReader.
func (s *Store) InvoicePage(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) ([]billing.Invoice, string, error) {
	pk := logPK(env, internalID)
	in := s.historyQuery(pk, invoicePrefix)
	in.Limit = aws.Int32(int32(limit + 1)) // one more shows whether there is a next page
	if cursor != "" {
		sk, ok := placeOf(pk, cursor)
		if !ok || !invoicePosition.MatchString(sk) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
		}
		in.ExclusiveStartKey = key{pk, sk}.attributes()
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("read invoices", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	more := len(out.Items) > limit || len(out.LastEvaluatedKey) > 0
	rows, err := knownRows(out.Items[:min(limit, len(out.Items))])
	if err != nil {
		return nil, "", err
	}
	page := make([]billing.Invoice, len(rows))
	for i, r := range rows {
		if page[i], err = readInvoice(r); err != nil {
			return nil, "", err
		}
	}
	if !more || len(rows) == 0 {
		return page, "", nil
	}
	return page, cursorAfter(pk, rows[len(rows)-1].text("SK")), nil
}

// InvoiceHistory implements app.InvoiceReader. The database looks for the ids in the texts of the
// entries: there is no index of them.
func (s *Store) InvoiceHistory(ctx context.Context, env catalog.Env, internalID, stripeID string) (found billing.Invoice, entries []billing.Audit, known bool, err error) {
	if stripeID == "" || billing.CheckStripeID(stripeID) != nil {
		return found, nil, false, nil
	}
	pk := logPK(env, internalID)
	in := s.historyQuery(pk, invoicePrefix)
	in.FilterExpression, in.ExpressionAttributeNames = aws.String("contains(#data, :id)"), map[string]string{"#data": "data"}
	in.ExpressionAttributeValues[":id"] = text(`"` + stripeID + `"`)
	err = s.eachOf(ctx, in, func(r row) error {
		one, err := readInvoice(r)
		if err == nil && one.StripeID == stripeID {
			found, known = one, true
		}
		return err
	})
	if err != nil || !known {
		return found, nil, false, err
	}
	in = s.historyQuery(pk, auditPrefix)
	in.FilterExpression, in.ExpressionAttributeNames = aws.String("contains(#data, :id)"), map[string]string{"#data": "data"}
	in.ExpressionAttributeValues[":id"] = text(`"` + stripeID + `"`)
	if found.OperationID != "" {
		*in.FilterExpression += " OR contains(#data, :op)"
		in.ExpressionAttributeValues[":op"] = text(`"` + found.OperationID + `"`)
	}
	err = s.eachOf(ctx, in, func(r row) error {
		var e billing.Audit
		err := r.json("data", &e)
		entries = append(entries, e)
		return err
	})
	return found, entries, true, err
}

// historyQuery reads the rows of one kind in a customer's history, the newest first.
func (s *Store) historyQuery(pk, prefix string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :prefix)"),
		ExpressionAttributeValues: values{":pk": text(pk), ":prefix": text(prefix)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
}

// eachOf passes the rows of all pages of a query on.
func (s *Store) eachOf(ctx context.Context, in *dynamodb.QueryInput, do func(row) error) error {
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return failed("read the history", err)
		}
		countOne(ctx, out.ConsumedCapacity)
		rows, err := knownRows(out.Items)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := do(r); err != nil {
				return err
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

func readInvoice(r row) (in billing.Invoice, err error) {
	err = r.json("data", &in)
	in.EntityID = cmp.Or(r.text("ent"), in.EntityID)
	return in, err
}
