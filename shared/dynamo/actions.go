package dynamo

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// actionsPK is the partition of the list index with what was done in the dashboard.
func actionsPK(env catalog.Env) string { return string(env) + "#ACTIONS" }

// actionPosition is what a cursor of actions holds.
var actionPosition = regexp.MustCompile(`^[0-9]{15}#[0-9A-Za-z_-]{1,64}$`)

// Actions implements app.ListStore: two requests, which there are and what they say.
func (s *Store) Actions(ctx context.Context, env catalog.Env, cursor string, limit int) ([]app.Action, string, error) {
	listed, next, err := s.listPage(ctx, actionsPK(env), cursor, actionPosition, limit)
	if err != nil || len(listed) == 0 {
		return nil, "", err
	}
	keys := make([]map[string]types.AttributeValue, len(listed))
	for i, r := range listed {
		keys[i] = key{r.text("PK"), r.text("SK")}.attributes()
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, "", err
	}
	found := map[key]app.Action{}
	for _, r := range rows {
		a, err := readAction(env, r)
		if err != nil {
			return nil, "", err
		}
		found[key{r.text("PK"), r.text("SK")}] = a
	}
	page := make([]app.Action, len(listed))
	for i, r := range listed { // an entry is never deleted
		page[i] = found[key{r.text("PK"), r.text("SK")}]
	}
	return page, next, nil
}

func readAction(env catalog.Env, r row) (app.Action, error) {
	a := app.Action{Of: strings.TrimPrefix(r.text("PK"), logPK(env, "")), Name: r.text("name"), Path: r.text("path")}
	return a, r.json("data", &a.Audit)
}
