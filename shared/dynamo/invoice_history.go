package dynamo

import (
	"cmp"
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

var _ app.InvoiceReader = (*Store)(nil)

// invoicePosition is what a cursor of invoices holds.
var invoicePosition = regexp.MustCompile(`^` + invoicePrefix + `[0-9]{15}#[0-9A-Za-z_-]{1,255}$`)

// InvoicePage implements app.InvoiceReader.
func (s *Store) InvoicePage(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) ([]billing.Invoice, string, error) {
	rows, next, err := s.historyPage(ctx, logPK(env, internalID), invoicePrefix, invoicePosition, app.ReasonCursorOfAnotherList, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	page := make([]billing.Invoice, len(rows))
	for i, r := range rows {
		if page[i], err = readInvoice(r); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
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

// eachOf passes the rows of all pages of a query on.
func (s *Store) eachOf(ctx context.Context, in *dynamodb.QueryInput, do func(row) error) error {
	rows, err := s.allOf(ctx, in, "read the history")
	for _, r := range rows {
		if err := do(r); err != nil {
			return err
		}
	}
	return err
}

func readInvoice(r row) (in billing.Invoice, err error) {
	err = r.json("data", &in)
	in.EntityID = cmp.Or(r.text("ent"), in.EntityID)
	return in, err
}
