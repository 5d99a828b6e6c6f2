package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// The sizes of an import.
const (
	MaxImport   = 5000 // rows
	ImportBatch = 25   // rows that one step works on
	ImportPage  = 50   // rows that one stored part has: a page shows one
	importFor   = 24 * time.Hour
	mostRefused = 200 // of whom the reason is kept
)

// An ImportRow is one customer of a file.
type ImportRow struct {
	Name        string `json:"name,omitzero"`
	Email       string `json:"email,omitzero"`
	ID          string `json:"id,omitzero"`
	Fingerprint string `json:"fingerprint,omitzero"`
	Repeats
}

// An Import is a file of customers that is worked on in steps.
type Import struct {
	ID       string          `json:"id,omitzero"`
	Rows     int             `json:"rows,omitzero"`
	Faulty   int             `json:"faulty,omitzero"`   // rows that are refused as they are written
	Repeated int             `json:"repeated,omitzero"` // rows about the customer of a row above
	Done     int             `json:"done,omitzero"`
	New      int             `json:"new,omitzero"`
	Known    int             `json:"known,omitzero"`
	Refused  int             `json:"refused,omitzero"`
	Why      []RefusedImport `json:"why,omitempty"` // of the first of those
}

// A RefusedImport is a row of which no customer was made, by its number from 1.
type RefusedImport struct {
	Row int    `json:"row,omitzero"`
	Why string `json:"why,omitzero"`
}

// An ImportStore keeps imports for a day.
type ImportStore interface {
	// NewImport saves the rows of an import, which is new.
	NewImport(ctx context.Context, env catalog.Env, in Import, rows []ImportRow, until time.Time) error

	// Import reads an import and the part of its rows that begins at a multiple of ImportPage.
	// found is false for one that is not there, or over. One request.
	Import(ctx context.Context, env catalog.Env, id string, from int, now time.Time) (in Import, rows []ImportRow, found bool, err error)

	// SaveImport saves how far an import is, if it still was at a row; it reports whether it did.
	SaveImport(ctx context.Context, env catalog.Env, in Import, was int) (saved bool, err error)

	// KeysByEmail finds customers without an id by their e-mail addresses, by billing.EmailKey.
	KeysByEmail(ctx context.Context, env catalog.Env, emails ...string) (map[string]string, error)
}

func (a *App) importStore() ImportStore { return a.Store.(ImportStore) }

// BeginImport keeps the rows of a file, and makes no customer yet.
func (a *App) BeginImport(ctx context.Context, caller Caller, rows []ImportRow) (Import, error) {
	in := Import{ID: a.NewID(), Rows: len(rows)}
	in.markRepeats(rows)
	return in, a.importStore().NewImport(ctx, caller.Env, in, rows, caller.Now.Add(importFor))
}

// An ImportLook is what a row of an import will do.
type ImportLook struct {
	ImportRow
	Known *billing.Customer // who is there already; nil makes a new one, or has to do with that of a row above
	Fills []string          // what the row adds to who is there
	Err   error             // why it is refused
}

// LookAtImport says what a page of rows will do. Three requests.
func (a *App) LookAtImport(ctx context.Context, caller Caller, id string, from int) (in Import, looks []ImportLook, found bool, err error) {
	in, rows, found, err := a.importStore().Import(ctx, caller.Env, id, from, caller.Now)
	if err != nil || !found {
		return in, nil, found, err
	}
	var emails, keys []string
	for _, row := range rows {
		if row.Email != "" {
			emails = append(emails, row.Email)
		}
		if row.ID != "" && billing.CheckCustomerID(row.ID) == nil {
			keys = append(keys, row.ID)
		}
	}
	prepared, err := a.importStore().KeysByEmail(ctx, caller.Env, emails...)
	if err != nil {
		return in, nil, true, err
	}
	for _, key := range prepared {
		keys = append(keys, key)
	}
	known, err := a.Store.CustomersByKey(ctx, caller.Env, keys...)
	if err != nil {
		return in, nil, true, err
	}
	for _, row := range rows {
		looks = append(looks, row.look(known, prepared))
	}
	return in, looks, true, nil
}

func (row ImportRow) data() billing.CustomerData {
	return billing.CustomerData{Name: row.Name, Email: row.Email, Fingerprint: row.Fingerprint}
}

func (row ImportRow) look(known map[string]billing.Customer, prepared map[string]string) ImportLook {
	look := ImportLook{ImportRow: row, Err: row.refused()}
	c, there := known[row.ID]
	if there = there && row.ID != ""; there && !slices.Contains(row.Has, "id") {
		look.Same, look.Has = 0, nil // it claims nobody of a row above
	}
	if !there && !row.Claimed && !slices.Contains(row.Has, "id") {
		c, there = known[prepared[billing.EmailKey(row.Email)]]
	}
	if !there && look.Err == nil && row.ID != "" {
		look.Err = billing.CheckNewCustomerID(row.ID)
	}
	if there {
		look.Known = &c
	}
	if look.Known == nil && look.Same == 0 {
		return look
	}
	was := ImportRow{Name: c.Name, Email: c.Email, ID: c.ID, Fingerprint: c.Fingerprint}.given()
	for i, f := range row.given() {
		if f.value != "" && was[i].value == "" && !slices.Contains(look.Has, f.name) {
			look.Fills = append(look.Fills, f.name)
		}
	}
	return look
}

// StepImport works on the next rows of an import: who is not there is made, and of who is only
// what is unknown is filled in. Repeating a step that was interrupted is safe.
func (a *App) StepImport(ctx context.Context, caller Caller, id string, words func(error) string) (in Import, found bool, err error) {
	in, _, found, err = a.importStore().Import(ctx, caller.Env, id, 0, caller.Now)
	if err != nil || !found || in.Done >= in.Rows {
		return in, found, err
	}
	was := in.Done
	_, rows, found, err := a.importStore().Import(ctx, caller.Env, id, was/ImportPage*ImportPage, caller.Now)
	if err != nil || !found {
		return in, found, err
	}
	rows = rows[was%ImportPage:]
	rows = rows[:min(len(rows), ImportBatch)]
	made, errs := a.importRows(ctx, caller, rows)
	for i, err := range errs {
		var refused *refusal.Error
		switch {
		case errors.As(err, &refused) && refused.Kind != refusal.KindUnavailable && refused.Kind != refusal.KindThrottled && !errors.Is(err, refusal.ErrStale):
			if in.Refused++; len(in.Why) < mostRefused {
				in.Why = append(in.Why, RefusedImport{was + i + 1, words(err)})
			}
		case err != nil:
			return in, true, fmt.Errorf("row %d: %w", was+i+1, err)
		case made[i]:
			in.New++
		default:
			in.Known++
		}
	}
	in.Done += len(rows)
	_, err = a.importStore().SaveImport(ctx, caller.Env, in, was) // else another page has done the same
	return in, true, err
}

// importRows makes the customers of rows. Rows that share an id or an e-mail address follow each other.
func (a *App) importRows(ctx context.Context, caller Caller, rows []ImportRow) (made []bool, errs []error) {
	made, errs = make([]bool, len(rows)), make([]error, len(rows))
	groups, of := [][]int{}, map[string]int{} // a group, from 1, by what its rows are known by
	for i, row := range rows {
		group := 0
		for _, by := range []string{"id " + row.ID, "email " + billing.EmailKey(row.Email)} {
			switch other := of[by]; {
			case other == 0 || other == group || strings.HasSuffix(by, " "):
			case group == 0:
				group = other
			default: // the row joins two groups
				groups[group-1], groups[other-1] = append(groups[group-1], groups[other-1]...), nil
				for by, was := range of {
					if was == other {
						of[by] = group
					}
				}
			}
		}
		if group == 0 {
			groups, group = append(groups, nil), len(groups)+1
		}
		groups[group-1] = append(groups[group-1], i)
		of["id "+row.ID], of["email "+billing.EmailKey(row.Email)] = group, group
	}
	var running sync.WaitGroup
	slots := make(chan struct{}, readers)
	for _, group := range groups {
		slices.Sort(group) // as in the file
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			for _, i := range group {
				made[i], errs[i] = a.importRow(ctx, caller, rows[i])
			}
		})
	}
	running.Wait()
	return made, errs
}

func (a *App) importRow(ctx context.Context, caller Caller, row ImportRow) (made bool, err error) {
	s, err := a.CreateCustomer(ctx, caller, row.ID, row.data())
	var refused *refusal.Error
	if errors.As(err, &refused) && slices.Contains([]refusal.Reason{ReasonCustomerIDTaken, ReasonEmailPrepared}, refused.Reason) {
		_, err = a.GetOrCreate(ctx, caller, CustomerCommand{ID: row.ID, Data: row.data()})
		return false, err
	}
	return err == nil && row.Same == 0 && s.Customer.CreatedAt.Equal(caller.Now), err // else it was prepared, and is claimed
}
