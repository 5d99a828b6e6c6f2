package dynamo

import (
	"context"
	"fmt"
	"regexp"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const auditPrefix = "AUDIT#"

func init() {
	declare(kind{
		name: "audit entry", pk: "<env>#LOG#<internal id>", sk: auditPrefix + "<id>", version: 1,
	})
}

func (t *transaction) AddAudit(w app.AddAudit) {
	r := newRow(auditKey(t.env, w.InternalID, w.Audit.ID))
	r.setJSON("data", w.Audit)
	r.setText("name", w.Name)
	r.setText("path", w.Path)
	switch {
	case w.Audit.Rule == billing.InvoiceMismatch: // in this list until a person has seen it
		r.waits(t.env, app.Differs, w.Audit.At, w.Audit.ID)
	case w.Audit.ByHand():
		r.setText("list_pk", actionsPK(t.env))
		r.setText("list_sk", fmt.Sprintf("%015d#%s", w.Audit.At.UnixMilli(), w.Audit.ID))
	}
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) MismatchSeen(w app.MismatchSeen) {
	t.add(t.update(auditKey(t.env, w.InternalID, w.AuditID), "SET seen_by = :by REMOVE list_pk, list_sk",
		"begins_with(list_sk, :differs)", values{":by": text(w.By), ":differs": text(string(app.Differs) + "#")}))
}

func auditKey(env catalog.Env, internalID, id string) key {
	return key{logPK(env, internalID), auditPrefix + id}
}

// auditPosition is what a cursor of the audit holds: the sort key of the entry
// that the page before ended with. A longer one would be no key at all.
var auditPosition = regexp.MustCompile(`^` + auditPrefix + `[0-9A-Za-z_-]{1,64}$`)

// Audit implements app.Store: a page, see historyPage.
func (s *Store) Audit(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) ([]billing.Audit, string, error) {
	rows, next, err := s.historyPage(ctx, logPK(env, internalID), auditPrefix, auditPosition, app.ReasonCursorOfAnotherHistory, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	entries := make([]billing.Audit, len(rows))
	for i, r := range rows {
		if err := r.json("data", &entries[i]); err != nil {
			return nil, "", err
		}
	}
	return entries, next, nil
}
