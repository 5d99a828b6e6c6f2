package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

func init() {
	declareAlone("API key", globalPartition+"#<sha256>", "KEY")
}

func apiKeyKey(hash string) key { return key{"KEY#" + hash, "KEY"} }

// Key implements app.Store. Only keys that exist are remembered: a guess costs
// the guesser a read each time.
func (s *Store) Key(ctx context.Context, hash string) (app.Key, bool, error) {
	if k, ok := s.cache.key(hash); ok {
		return k, true, nil
	}
	r, err := s.get(ctx, apiKeyKey(hash))
	if err != nil || len(r) == 0 {
		return app.Key{}, false, err
	}
	k := ReadKey(r)
	s.cache.keepKey(k)
	return k, true, nil
}

// KeyItem is the row of an API key. The operator's command writes one, and the dashboard's
// function: the policies of all others refuse it.
func KeyItem(k app.Key) row {
	r := newRow(apiKeyKey(k.Hash))
	r.setText("prefix", k.Prefix)
	r.setText("name", k.Name)
	r.setText("env", string(k.Env))
	r.setFlag("publishable", k.Publishable)
	r.setTime("created", k.CreatedAt)
	r.setText("created_by", k.CreatedBy)
	r.setTime("revoked", k.RevokedAt)
	r.setText("revoked_by", k.RevokedBy)
	r.setText("list_pk", KeysPartition)
	r.setText("list_sk", fmt.Sprintf("%015d#%s", k.CreatedAt.UnixMilli(), k.Hash))
	return r
}

// ReadKey reads the row of an API key.
func ReadKey(item map[string]types.AttributeValue) app.Key {
	r := row(item)
	return app.Key{Hash: strings.TrimPrefix(r.text("PK"), apiKeyKey("").PK), Prefix: r.text("prefix"), Name: r.text("name"),
		Env: catalog.Env(r.text("env")), Publishable: r.flag("publishable"),
		CreatedAt: r.time("created"), CreatedBy: r.text("created_by"), RevokedAt: r.time("revoked"), RevokedBy: r.text("revoked_by")}
}
