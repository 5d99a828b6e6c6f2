package v1

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
)

// catalogPage is a page of entries of the catalog, newest first.
type catalogPage struct {
	List       fields.Entries `json:"list"`
	NextCursor api.OrNull     `json:"next_cursor"`
}

func listRewards(m *admin.Admin) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		return catalogPageOf(req, func() ([]catalog.Reward, error) { return m.ListRewards(ctx, req.Caller) },
			func(r catalog.Reward) string { return position(r.CreatedAt, r.InternalID) },
			func(page []catalog.Reward) (shown []any, err error) {
				all, err := m.Describe(ctx, req.Caller, page)
				for _, r := range all {
					shown = append(shown, rewardAnswer(r, req.Env))
				}
				return shown, err
			})
	}
}

func listPrograms(m *admin.Admin) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		return catalogPageOf(req, func() ([]admin.Program, error) { return m.ListPrograms(ctx, req.Caller) },
			func(p admin.Program) string { return position(p.CreatedAt, p.InternalID) },
			func(page []admin.Program) (shown []any, err error) {
				for _, p := range page {
					shown = append(shown, programAnswer(p, req.Env))
				}
				return shown, nil
			})
	}
}

// position sorts as a list does, so that a page can continue after a deleted
// entry.
func position(at time.Time, internalID string) string {
	return fmt.Sprintf("%015d#%s", at.UnixMilli(), internalID)
}

var positionForm = regexp.MustCompile(`^[0-9]{15}#[0-9A-Za-z_-]{1,64}$`)

// catalogPageOf answers a page of a list that the store reads whole.
func catalogPageOf[T any](req api.Request, read func() ([]T, error), at func(T) string, show func(page []T) ([]any, error)) (any, error) {
	if err := api.TakesQuery(req, "limit", "cursor"); err != nil {
		return nil, err
	}
	limit, err := api.QueryInt(req, "limit", 50, 1, 100)
	if err != nil {
		return nil, err
	}
	// The cursor of another list or environment would skip entries without a
	// word.
	list := string(req.Caller.Env) + " " + req.URL.Path + " "
	cursor := api.QueryText(req, "cursor")
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	before, ours := strings.CutPrefix(string(text), list)
	if cursor != "" && (err != nil || !ours || !positionForm.MatchString(before)) {
		return nil, &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_cursor",
			Message: "This cursor was not given for this list. Pass the `next_cursor` of the page before as it is."}
	}
	all, err := read()
	if err != nil {
		return nil, err
	}
	if before != "" {
		all = slices.DeleteFunc(all, func(one T) bool { return at(one) >= before })
	}
	page := all[:min(limit, len(all))]
	shown, err := show(page)
	if err != nil {
		return nil, err
	}
	var out catalogPage
	n := 0
	for fits := true; n < len(page) && fits; {
		if fits, err = out.List.Add(shown[n]); err != nil {
			return nil, err
		}
		if fits {
			n++
		}
	}
	if n < len(all) {
		out.NextCursor = api.OrNull(base64.RawURLEncoding.EncodeToString([]byte(list + at(page[n-1]))))
	}
	return out, nil
}
