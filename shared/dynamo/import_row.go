package dynamo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const importHead = "HEAD"

func init() {
	declareAlone("import", "<env>#IMPORT#<id>", importHead)
	declareAlone("rows of an import", "<env>#IMPORT#<id>", "ROWS#<n>")
}

var _ app.ImportStore = (*Store)(nil)

func importPK(env catalog.Env, id string) string { return string(env) + "#IMPORT#" + id }

func importPart(env catalog.Env, id string, from int) key {
	return key{importPK(env, id), fmt.Sprintf("ROWS#%05d", from)}
}

// NewImport implements app.ImportStore. The head is written last: an import without it is not there.
func (s *Store) NewImport(ctx context.Context, env catalog.Env, in app.Import, rows []app.ImportRow, until time.Time) error {
	t := table{s.table, env}
	from := 0
	for part := range slices.Chunk(rows, app.ImportPage) {
		r := newRow(importPart(env, in.ID, from))
		r.setJSON("data", part)
		r.setInt("ttl", until.Unix())
		if _, err := s.transact(ctx, items{t.put(r, whenever, nil)}); err != nil {
			return err
		}
		from += len(part)
	}
	head := newRow(key{importPK(env, in.ID), importHead})
	head.setJSON("data", in)
	head.setInt("ttl", until.Unix())
	_, err := s.transact(ctx, items{t.put(head, whenever, nil)})
	return err
}

// Import implements app.ImportStore.
func (s *Store) Import(ctx context.Context, env catalog.Env, id string, from int, now time.Time) (in app.Import, rows []app.ImportRow, found bool, err error) {
	if len(id) > maxSortKey {
		return in, nil, false, nil // longer than any that was made
	}
	read, err := s.batch(ctx, []map[string]types.AttributeValue{key{importPK(env, id), importHead}.attributes(), importPart(env, id, from).attributes()})
	if err != nil {
		return in, nil, false, err
	}
	for _, r := range read {
		if r.int("ttl") <= now.Unix() {
			return in, nil, false, nil // the database deletes it days late
		}
		if r.text("SK") == importHead {
			found, err = true, r.json("data", &in)
		} else {
			err = r.json("data", &rows)
		}
		if err != nil {
			return in, nil, false, err
		}
	}
	return in, rows, found, nil
}

// SaveImport implements app.ImportStore.
func (s *Store) SaveImport(ctx context.Context, env catalog.Env, in app.Import, was int) (bool, error) {
	r := row{}
	r.setJSON("data", in)
	item := table{s.table, env}.update(key{importPK(env, in.ID), importHead}, "SET #data = :data, done = :done",
		"attribute_exists(PK) AND (done = :was OR attribute_not_exists(done) AND :was = :zero)",
		values{":data": r["data"], ":done": integer(int64(in.Done)), ":was": integer(int64(was)), ":zero": integer(0)})
	item.Update.ExpressionAttributeNames = map[string]string{"#data": "data"}
	refused, err := s.transact(ctx, items{item})
	return err == nil && refused == nil, err
}

// KeysByEmail implements app.ImportStore. One request for each 100 addresses.
func (s *Store) KeysByEmail(ctx context.Context, env catalog.Env, emails ...string) (map[string]string, error) {
	var keys []map[string]types.AttributeValue
	var known []string
	for _, email := range emails {
		if k := lookUp(env, "EMAIL", billing.EmailKey(email)); len(k.PK) <= maxSortKey && !slices.Contains(known, k.PK) {
			known, keys = append(known, k.PK), append(keys, k.attributes())
		}
	}
	out := map[string]string{}
	for part := range slices.Chunk(keys, 100) {
		rows, err := s.batch(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.text("PK")[len(lookUp(env, "EMAIL", "").PK):]] = r.text("cus")
		}
	}
	return out, nil
}
