package stack

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dynamo"
)

// Customer reads a customer of the sandbox as the functions do.
func (s *Stack) Customer(ctx context.Context, key string) (billing.State, bool, error) {
	return s.Store().State(ctx, catalog.Sandbox, key)
}

// Audit lists the history of a customer of the sandbox, oldest first.
func (s *Stack) Audit(ctx context.Context, key string) ([]billing.Audit, error) {
	found, _, err := s.Customer(ctx, key)
	if err != nil {
		return nil, err
	}
	var entries []billing.Audit
	for cursor := ""; ; {
		page, next, err := s.Store().Audit(ctx, catalog.Sandbox, found.Customer.InternalID, cursor, 100)
		if err != nil {
			return nil, err
		}
		if entries = append(entries, page...); next == "" {
			break
		}
		cursor = next
	}
	slices.SortStableFunc(entries, func(a, b billing.Audit) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return entries, nil
}

// Moved lists the ended products in the history of a customer of the sandbox.
func (s *Stack) Moved(ctx context.Context, key string) ([]billing.CustomerProduct, error) {
	found, _, err := s.Customer(ctx, key)
	if err != nil {
		return nil, err
	}
	return s.Store().MovedProducts(ctx, catalog.Sandbox, found.Customer.InternalID)
}

// Store reads the table without the faults.
func (s *Stack) Store() *dynamo.Store {
	return dynamo.New(s.client, s.Template.Table.Name, s.Currency, time.Now, func(context.Context, int) bool { return false })
}

// Call calls the API with the stack's own key, through the gateway.
func (s *Stack) Call(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	r := httptest.NewRequestWithContext(ctx, method, s.BaseURL+path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.Key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes(), nil
}

// NextDue is the earliest time after now in the due index.
func (s *Stack) NextDue(now time.Time) (time.Time, bool, error) {
	var next time.Time
	for shard := range dynamo.Shards {
		first, err := s.DB.FirstBehind(s.Template.Table.Name, "due", dynamo.DuePartition(catalog.Sandbox, shard), now.UTC().Format(time.RFC3339)+"#~")
		if err != nil {
			return next, false, err
		}
		if first == "" {
			continue
		}
		text, _, _ := strings.Cut(first, "#")
		due, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return next, false, err
		}
		if next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return next, !next.IsZero(), nil
}

// Reset removes customers, catalog and Stripe objects; the clock goes back to
// its start. The keys and the webhook stay.
func (s *Stack) Reset(ctx context.Context) error {
	if err := s.DB.Reset(); err != nil {
		return err
	}
	s.feed.forget()
	for _, account := range s.accounts() {
		if err := account.Reset(); err != nil {
			return err
		}
	}
	if err := s.putKeys(ctx); err != nil {
		return err
	}
	if s.Processes == nil {
		return s.Restart()
	}
	return nil
}

// PutKey stores any API key.
func (s *Stack) PutKey(ctx context.Context, key string, k app.Key) error {
	k.Hash, k.Prefix, k.CreatedAt = api.HashKey(key), api.KeyPrefix(key), s.Sim.Now()
	_, err := s.client.PutItem(ctx, &ddb.PutItemInput{TableName: &s.Template.Table.Name, Item: dynamo.KeyItem(k)})
	return err
}

// Save saves rows in the sandbox as the functions do.
func (s *Stack) Save(ctx context.Context, writes ...app.Write) error {
	return s.Store().Commit(ctx, catalog.Sandbox, writes...)
}

// Tables is the content of the database as text, for comparisons.
func (s *Stack) Tables() string { return s.DB.Dump() }

var _ http.Handler = (*Stack)(nil)
