package dynamo

import (
	"context"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

const auditPrefix = "AUDIT#"

func init() {
	declare(kind{
		name: "audit entry", pk: "<env>#LOG#<internal id>", sk: auditPrefix + "<id>", version: 1,
	})
}

func (t *transaction) AddAudit(w app.AddAudit) {
	r := newRow(auditKey(t.env, w.InternalID, w.Audit.ID))
	r.setJSON("data", w.Audit)
	switch {
	case w.Audit.Rule == billing.InvoiceMismatch: // in this list until a person has seen it
		r.waits(t.env, app.Differs, w.Audit.At, w.Audit.ID)
	case w.Audit.ByHand():
		r.setText("list_pk", actionsPK(t.env))
		r.setText("list_sk", fmt.Sprintf("%015d#%s", w.Audit.At.UnixMilli(), w.Audit.ID))
	}
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) MismatchSeen(w app.MismatchSeen) {
	t.add(t.update(auditKey(t.env, w.InternalID, w.AuditID), "SET seen_by = :by REMOVE list_pk, list_sk",
		"begins_with(list_sk, :differs)", values{":by": text(w.By), ":differs": text(string(app.Differs) + "#")}))
}

func auditKey(env catalog.Env, internalID, id string) key {
	return key{logPK(env, internalID), auditPrefix + id}
}

// auditPosition is what a cursor of the audit holds: the sort key of the entry
// that the page before ended with. A longer one would be no key at all.
var auditPosition = regexp.MustCompile(`^` + auditPrefix + `[0-9A-Za-z_-]{1,64}$`)

// Audit implements app.Store: one request. A page is shorter than limit where
// its entries come to a megabyte; there is more as long as next is not empty.
func (s *Store) Audit(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) ([]billing.Audit, string, error) {
	pk := logPK(env, internalID)
	in := &dynamodb.QueryInput{
		TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false),
		Limit:                     aws.Int32(int32(limit + 1)), // one more shows whether there is a next page
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :prefix)"),
		ExpressionAttributeValues: values{":pk": text(pk), ":prefix": text(auditPrefix)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if cursor != "" {
		sk, ok := placeOf(pk, cursor)
		if !ok || !auditPosition.MatchString(sk) {
			return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherHistory)
		}
		in.ExclusiveStartKey = key{pk, sk}.attributes()
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("read the audit", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	more := len(out.Items) > limit || len(out.LastEvaluatedKey) > 0
	rows, err := knownRows(out.Items[:min(limit, len(out.Items))])
	if err != nil {
		return nil, "", err
	}
	entries := make([]billing.Audit, len(rows))
	for i, r := range rows {
		if err := r.json("data", &entries[i]); err != nil {
			return nil, "", err
		}
	}
	if !more {
		return entries, "", nil
	}
	return entries, cursorAfter(pk, rows[len(rows)-1].text("SK")), nil
}
