package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
}

// An Import is a file of customers that is worked on in steps.
type Import struct {
	ID      string          `json:"id,omitzero"`
	Rows    int             `json:"rows,omitzero"`
	Done    int             `json:"done,omitzero"`
	New     int             `json:"new,omitzero"`
	Known   int             `json:"known,omitzero"`
	Refused int             `json:"refused,omitzero"`
	Why     []RefusedImport `json:"why,omitempty"` // of the first of those
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
	return in, a.importStore().NewImport(ctx, caller.Env, in, rows, caller.Now.Add(importFor))
}

// An ImportLook is what a row of an import will do.
type ImportLook struct {
	ImportRow
	Known *billing.Customer // who is there already; nil makes a new one
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
	look := ImportLook{ImportRow: row}
	switch {
	case row.ID == "" && row.Email == "":
		look.Err = refusal.Invalid(ReasonIDOrEmailMissing)
	case row.ID != "":
		look.Err = billing.CheckCustomerID(row.ID)
	}
	if look.Err == nil {
		look.Err = row.data().Check()
	}
	c, there := known[row.ID]
	if !there || row.ID == "" {
		c, there = known[prepared[billing.EmailKey(row.Email)]]
	}
	if !there && look.Err == nil && row.ID != "" {
		look.Err = billing.CheckNewCustomerID(row.ID)
	}
	if !there {
		return look
	}
	look.Known = &c
	for _, f := range []struct{ name, was, is string }{{"id", c.ID, row.ID}, {"name", c.Name, row.Name}, {"e-mail", c.Email, row.Email}, {"fingerprint", c.Fingerprint, row.Fingerprint}} {
		if f.was == "" && f.is != "" {
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

// importRows makes the customers of rows. Rows of one customer follow each other.
func (a *App) importRows(ctx context.Context, caller Caller, rows []ImportRow) (made []bool, errs []error) {
	made, errs = make([]bool, len(rows)), make([]error, len(rows))
	same := map[string][]int{}
	var order []string
	for i, row := range rows {
		of := "id " + row.ID
		if email := billing.EmailKey(row.Email); email != "" && (row.ID == "" || len(same["email "+email]) > 0) {
			of = "email " + email
		}
		if len(same[of]) == 0 {
			order = append(order, of)
		}
		same[of] = append(same[of], i)
	}
	var running sync.WaitGroup
	slots := make(chan struct{}, readers)
	for _, of := range order {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			for _, i := range same[of] {
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
	return err == nil && s.Customer.CreatedAt.Equal(caller.Now), err // else it was prepared, and is claimed
}
