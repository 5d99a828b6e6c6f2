package dynamo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// Whatever the size of its pages, a history is read whole, once and newest
// first; entries added meanwhile don't disturb, and another's are not met.
func TestAuditIsReadPageByPage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		_, s := fresh(t)
		n, limit := rapid.IntRange(0, 12).Draw(rt, "entries"), rapid.IntRange(1, 13).Draw(rt, "limit")
		var want []string
		add := func(internalID string, i int) {
			must(t, s.Commit(t.Context(), env, app.AddAudit{InternalID: internalID, Audit: billing.Audit{ID: fmt.Sprintf("01A%03d", i), Why: internalID}}))
		}
		for i := range n {
			add("cus_ada", i)
			add("cus_bob", i)
			want = append(want, fmt.Sprintf("01A%03d", i))
		}
		slices.Reverse(want)
		var got []string
		for cursor, pages := "", 0; ; pages++ {
			entries, next, err := s.Audit(t.Context(), env, "cus_ada", cursor, limit)
			must(t, err)
			if len(entries) > limit || pages > n {
				rt.Fatalf("page %d has %d entries, the limit is %d", pages, len(entries), limit)
			}
			for _, e := range entries {
				if got = append(got, e.ID); e.Why != "cus_ada" {
					rt.Errorf("read an entry of %s", e.Why)
				}
			}
			if next == "" {
				break
			}
			add("cus_ada", 100+pages) // newer than what is still to be read
			cursor = next
		}
		if !slices.Equal(got, want) {
			rt.Errorf("got %v, want %v", got, want)
		}
	})
}

// A page of a megabyte ends early; nothing is left out.
func TestAuditOfLargeEntries(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for i := range 10 {
		must(t, s.Commit(t.Context(), env, app.AddAudit{InternalID: "cus_ada",
			Audit: billing.Audit{ID: fmt.Sprintf("01A%03d", i), Why: strings.Repeat("x", 300_000)}}))
	}
	read, pages, cursor := 0, 0, ""
	for {
		entries, next, err := s.Audit(t.Context(), env, "cus_ada", cursor, 100)
		must(t, err)
		read, pages = read+len(entries), pages+1
		if cursor = next; next == "" {
			break
		}
	}
	if read != 10 || pages < 3 {
		t.Errorf("read %d entries in %d pages", read, pages)
	}
}

func TestAuditCursorsAreChecked(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	for _, cursor := range []string{"!", "QVVESVQ", "eA", "QVVESVQjIA", "QVVESVQj"} {
		_, _, err := s.Audit(t.Context(), env, "cus_ada", cursor, 1)
		wantKind(t, err, refusal.KindInvalid)
	}
	// Those of other histories, and of the same history in another environment.
	for i := range 3 {
		must(t, s.Commit(t.Context(), env, app.AddAudit{InternalID: "cus_ada", Audit: billing.Audit{ID: fmt.Sprintf("01A%d", i)}}))
	}
	_, next, err := s.Audit(t.Context(), env, "cus_ada", "", 1)
	must(t, err)
	_, _, err = s.Audit(t.Context(), env, "cus_ada", next, 1)
	must(t, err)
	_, _, err = s.Audit(t.Context(), env, "cus_bob", next, 1)
	wantKind(t, err, refusal.KindInvalid)
	_, _, err = s.Audit(t.Context(), env, "SETTINGS", next, 1)
	wantKind(t, err, refusal.KindInvalid)
	_, _, err = s.Audit(t.Context(), catalog.Live, "cus_ada", next, 1)
	wantKind(t, err, refusal.KindInvalid)
}
