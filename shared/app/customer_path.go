package app

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"windfall/shared/billing"
)

// reserved are the words of the dashboard's own pages of customers: a customer with such an id is
// opened by the internal one.
var reserved = []string{"new", "export", "import", "search"}

// cutInPaths are characters that no path brings back unchanged: ids of rows from before they were
// refused, and "#".
const cutInPaths = "/?%#\\"

// CustomerPath is the id under which a page of a customer is found: the application's own, or
// ours where there is none, where a page has that name, or with the time of the customer's
// creation where no path brings the id back.
func CustomerPath(c billing.Customer) string {
	switch {
	case c.ID == "", slices.Contains(reserved, c.ID):
		return c.InternalID
	case strings.ContainsAny(c.ID, cutInPaths), strings.Trim(c.ID, ".") == "":
		return lastingPath(c)
	}
	return c.ID
}

// lastingPath finds the customer under whatever id they have by then.
func lastingPath(c billing.Customer) string {
	return c.InternalID + "~" + strconv.FormatInt(c.CreatedAt.UnixMilli(), 36)
}

// AuditOf adds an entry to the history of a customer, by whose name people find it among others.
func AuditOf(c billing.Customer, entry billing.Audit) AddAudit {
	return AddAudit{c.InternalID, entry, c.Label(), lastingPath(c)}
}

// pathOfKey is CustomerPath of a customer of whom the key alone is known; "" where it takes more.
func pathOfKey(key string) string {
	if CustomerPath(billing.Customer{ID: key}) != key {
		return ""
	}
	return key
}

// datedID is the last of these forms.
var datedID = regexp.MustCompile(`^(cus_[0-9A-Za-z]{1,64})~([0-9a-z]{1,11})$`)

// CustomerAt reads the customer of a page; see CustomerPath.
func (a *App) CustomerAt(ctx context.Context, caller Caller, id string) (billing.State, error) {
	if dated := datedID.FindStringSubmatch(id); dated != nil {
		ms, _ := strconv.ParseInt(dated[2], 36, 64) // eleven digits fit
		key, err := a.finder().KeyOfEntry(ctx, caller.Env, billing.Customer{InternalID: dated[1], CreatedAt: time.UnixMilli(ms)})
		if err != nil {
			return billing.State{}, err
		}
		if key != "" {
			id = key
		}
	}
	s, missing := a.existing(ctx, caller, id)
	if missing == nil || !strings.HasPrefix(id, "cus_") {
		return s, missing
	}
	named, err := a.Store.CustomersByKey(ctx, caller.Env, reserved...)
	if err != nil {
		return s, err
	}
	for key, c := range named {
		if c.InternalID == id {
			return a.existing(ctx, caller, key)
		}
	}
	return s, missing
}
