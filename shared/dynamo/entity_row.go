package dynamo

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/order"
)

// The entities of a customer are beside the customer's rows, so that a customer of a
// thousand is read as fast as one of none.
const (
	entitiesPartition = "ENTITIES"
	entityPrefix      = "ENTITY#"
)

func init() {
	declareAlone("entity", "<env>#ENTITIES#<key>", entityPrefix+"<entity>")
	declareAlone("balance of an entity", "<env>#ENTITIES#<key>", balancePrefix+"<feature>#<entity>")
}

func entitiesPK(env catalog.Env, customerKey string) string {
	return string(env) + "#" + entitiesPartition + "#" + customerKey
}

func entityKey(env catalog.Env, customerKey, id string) key {
	return key{entitiesPK(env, customerKey), entityPrefix + id}
}

// balanceKeyOf is where a balance is: the customer's own, or an entity's.
func balanceKeyOf(env catalog.Env, customerKey string, b entitlement.Balance) key {
	if b.Entity.ID == "" {
		return balanceKey(env, customerKey, b.FeatureID)
	}
	return key{entitiesPK(env, customerKey), balancePrefix + b.FeatureID + "#" + b.Entity.ID}
}

func entityRow(env catalog.Env, customerKey string, e billing.Entity) row {
	r := newRow(entityKey(env, customerKey, e.ID))
	r.setText("iid", e.InternalID)
	r.setText("name", e.Name)
	r.setText("feature", e.FeatureID)
	r.setInt("n", e.Number)
	r.setTime("created", e.CreatedAt)
	r.setText("op", e.CreatedBy)
	return r
}

func readEntity(r row) billing.Entity {
	return billing.Entity{EntityRef: entitlement.EntityRef{ID: strings.TrimPrefix(r.text("SK"), entityPrefix), FeatureID: r.text("feature"), Number: r.int("n")},
		InternalID: r.text("iid"), Name: r.text("name"), CreatedAt: r.time("created"), CreatedBy: r.text("op")}
}

func (t *transaction) NewEntity(w app.NewEntity) {
	t.add(t.put(entityRow(t.env, w.Key, w.Entity), isNew, nil))
}

func (t *transaction) EntityStays(w app.EntityStays) {
	t.add(t.update(entityKey(t.env, w.Key, w.Entity.ID), "SET n = :n", isThere+" AND n = :n", values{":n": integer(w.Entity.Number)}))
}

func (t *transaction) RenameEntity(w app.RenameEntity) {
	t.add(t.put(entityRow(t.env, w.Key, w.Entity), "n = :n", values{":n": integer(w.Entity.Number)}))
}

func (t *transaction) DeleteEntity(w app.DeleteEntity) {
	t.add(t.remove(entityKey(t.env, w.Key, w.Entity.ID), "n = :n", values{":n": integer(w.Entity.Number)}))
	for _, b := range w.Balances {
		condition, v := atVersion(b.Version)
		t.add(t.remove(balanceKeyOf(t.env, w.Key, b), condition, v))
	}
}

// Entities implements app.Store.
func (s *Store) Entities(ctx context.Context, env catalog.Env, customerKey string, ids ...string) (entities []billing.Entity, err error) {
	var rows []row
	if len(ids) == 0 {
		rows, err = s.query(ctx, entitiesPK(env, customerKey), entityPrefix, false)
	} else {
		keys := make([]map[string]types.AttributeValue, len(ids))
		for i, id := range ids {
			keys[i] = entityKey(env, customerKey, id).attributes()
		}
		rows, err = s.batch(ctx, keys)
	}
	for _, r := range rows {
		entities = append(entities, readEntity(r))
	}
	order.Stable(entities, func(a, b *billing.Entity) int { return cmp.Compare(a.Number, b.Number) })
	return entities, err
}

// EntityBalances implements app.Store.
func (s *Store) EntityBalances(ctx context.Context, env catalog.Env, customerKey, entityID string, features ...string) (b app.EntityBalances, found bool, err error) {
	keys := []map[string]types.AttributeValue{entityKey(env, customerKey, entityID).attributes()}
	for _, f := range features {
		keys = append(keys, balanceKey(env, customerKey, f).attributes(),
			balanceKeyOf(env, customerKey, entitlement.Balance{FeatureID: f, Entity: entitlement.EntityRef{ID: entityID}}).attributes())
	}
	err = s.whole(ctx, env, customerKey, func() (map[string]entitlement.Balance, error) {
		b, found = app.EntityBalances{Its: map[string]entitlement.Balance{}, Own: map[string]entitlement.Balance{}}, false
		for left := keys; len(left) > 0; left = left[min(len(left), maxBatch):] {
			rows, err := s.batch(ctx, left[:min(len(left), maxBatch)])
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				if strings.HasPrefix(r.text("SK"), entityPrefix) {
					b.Entity, found = readEntity(r), true
					continue
				}
				balance, err := readBalance(r)
				if err != nil {
					return nil, err
				}
				if balance.Entity.ID == "" {
					b.Own[balance.FeatureID] = balance
				} else {
					b.Its[balance.FeatureID] = balance
				}
			}
		}
		return b.Own, nil
	})
	return b, found, err
}

// BalancesOfEntities implements app.Store.
func (s *Store) BalancesOfEntities(ctx context.Context, env catalog.Env, customerKey, featureID string) (balances []entitlement.Balance, err error) {
	prefix := balancePrefix
	if featureID != "" {
		prefix += featureID + "#"
	}
	rows, err := s.query(ctx, entitiesPK(env, customerKey), prefix, false)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		b, err := readBalance(r)
		if err != nil {
			return nil, err
		}
		balances = append(balances, b)
	}
	order.Stable(balances, func(a, b *entitlement.Balance) int { return cmp.Compare(a.Entity.Number, b.Entity.Number) })
	return balances, nil
}

// DeleteEntities implements app.Store: what is left when a customer is deleted. The entities come
// first: a use writes no row of one that is gone.
func (s *Store) DeleteEntities(ctx context.Context, env catalog.Env, customerKey string, limit int) (more bool, err error) {
	pk := entitiesPK(env, customerKey)
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(limit)), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: values{":pk": text(pk)}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return false, failed("read entities", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	var gone items
	for _, item := range out.Items {
		gone = append(gone, table{s.table, env}.remove(key{pk, row(item).text("SK")}, whenever, nil))
	}
	if len(gone) > 0 {
		if _, err := s.transact(ctx, gone); err != nil {
			return false, err
		}
	}
	return len(out.LastEvaluatedKey) > 0, nil
}
