package dynamo

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
)

func (t *transaction) SaveKey(w app.SaveKey) { t.add(t.put(KeyItem(w.Key), isNew, nil)) }

// RevokeKey never creates a row: a key that does not exist must not look revoked.
func (t *transaction) RevokeKey(w app.RevokeKey) {
	marked := KeyItem(app.Key{RevokedAt: w.At, RevokedBy: w.By})
	t.add(t.update(apiKeyKey(w.Hash), "SET revoked = :now, revoked_by = :who", isThere+" AND attribute_not_exists(revoked)",
		values{":now": marked["revoked"], ":who": marked["revoked_by"]}))
}

// keyPosition is what a cursor of keys holds.
var keyPosition = regexp.MustCompile(`^[0-9]{15}#[0-9a-f]{1,64}$`)

// Keys implements app.KeyStore. The index names the keys, and their rows are read as they
// are now.
func (s *Store) Keys(ctx context.Context, cursor string, limit int) ([]app.Key, string, error) {
	places, next, err := s.listPage(ctx, KeysPartition, cursor, keyPosition, limit)
	if err != nil {
		return nil, "", err
	}
	var keys []map[string]types.AttributeValue
	for _, p := range places {
		keys = append(keys, key{p.text("PK"), p.text("SK")}.attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, "", err
	}
	now := map[string]app.Key{}
	for _, r := range rows {
		k := ReadKey(r)
		now[k.Hash] = k
	}
	page := make([]app.Key, 0, len(places))
	for _, p := range places {
		if k, ok := now[ReadKey(p).Hash]; ok {
			page = append(page, k)
		}
	}
	return page, next, nil
}
