package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"windfall/local/stripesim/object"
)

func neverDue(object.Row) (at int64, rank int, clock string) { return 0, -1, "" }

func packing() *Store {
	s := New(neverDue)
	s.Packs(map[string]func() object.Row{"invoice": func() object.Row { return &object.Invoice{} }, "event": func() object.Row { return &object.Event{} }}, nil)
	return s
}

func invoice(i int, status string) *object.Invoice {
	lines := object.List[*object.InvoiceLine]{Data: []*object.InvoiceLine{}}
	return &object.Invoice{Lines: lines, ID: fmt.Sprint("in_", i), Customer: object.Text(fmt.Sprint("cus_", i%7)), Status: object.Text(status), Object: "invoice", Total: int64(i), State: object.InvoiceState{Retries: int64(i)}}
}

func check(t *testing.T, s *Store, n int, status func(i int) string) {
	t.Helper()
	for i := range n {
		r, ok := s.Get(Key{"invoice", fmt.Sprint("in_", i)})
		if !ok {
			t.Fatalf("invoice %d is gone", i)
		}
		got, _ := object.Encode(rowOf(KeyOf(r), r))
		want, _ := object.Encode(rowOf(KeyOf(r), invoice(i, status(i))))
		if string(got) != string(want) {
			t.Fatalf("invoice %d is %s, want %s", i, got, want)
		}
	}
	owned := 0
	for c := range 7 {
		owned += len(OwnedBy[*object.Invoice](s.Begin(), fmt.Sprint("cus_", c)))
	}
	if owned != n || len(Rows[*object.Invoice](s)) != n {
		t.Errorf("%d owned, %d in all, want %d", owned, len(Rows[*object.Invoice](s)), n)
	}
}

// Packed rows are what was saved, also after they were changed, copied, or written to
// a file and read again by a compaction.
func TestPackedRowsAreWhatWasSaved(t *testing.T) {
	t.Parallel()
	const n = 300
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	o := Options{Path: path, Kinds: map[string]func() object.Row{"invoice": func() object.Row { return &object.Invoice{} }}}
	s := packing()
	j, _, err := Open(o, s)
	if err != nil {
		t.Fatal(err)
	}
	save := func(r object.Row) {
		tx := s.Begin()
		tx.Put(r)
		if err := j.Append(tx, Mark{}); err != nil {
			t.Fatal(err)
		}
		tx.Commit()
	}
	for i := range n {
		save(invoice(i, "draft"))
	}
	if h := s.shelves["invoice"]; h.fluid[1] != nil || h.block(1) == nil {
		t.Fatal("the oldest row is not packed")
	}
	check(t, s, n, func(int) string { return "draft" })
	was := s.Clone()
	j.file.Compact(j.state(s, Mark{Seq: 9})) // while rows are written, as packed ones and others
	for i := 0; i < n; i += 3 {
		save(invoice(i, "paid"))
	}
	j.file.Wait()
	paid := func(i int) string {
		if i%3 == 0 {
			return "paid"
		}
		return "draft"
	}
	check(t, s, n, paid)
	check(t, was, n, func(int) string { return "draft" })
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	again := packing()
	j, _, err = Open(o, again)
	if err != nil {
		t.Fatal(err)
	}
	check(t, again, n, paid)
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	again.Delete(Key{"invoice", "in_0"})
	if _, ok := again.Get(Key{"invoice", "in_0"}); ok || len(Rows[*object.Invoice](again)) != n-1 {
		t.Error("a packed row can't be deleted")
	}
}

// Old events are forgotten once they are many; the newest and the young stay.
func TestOldEventsAreForgotten(t *testing.T) {
	t.Parallel()
	s := packing()
	for i := range 1000 {
		s.Save(&object.Event{ID: fmt.Sprint("evt_", i), Object: "event", Created: int64(i)})
	}
	s.Expire("event", 1000, 900)
	if n := len(s.All("event")); n != 1000 {
		t.Errorf("few events: %d are left", n)
	}
	s.Expire("event", 500, 900)
	if left := s.All("event"); len(left) != 100 || left[0].Key() != "evt_900" || s.count() != 100 {
		t.Errorf("%d events are left, %d rows", len(left), s.count())
	}
	if _, ok := s.Get(Key{"event", "evt_899"}); ok {
		t.Error("an old event is there")
	}
}

// The rows of an owner have one order, before and after the file is written anew.
func TestRowsOfAnOwnerKeepTheirOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	o := Options{Path: path, Kinds: map[string]func() object.Row{"invoice": func() object.Row { return &object.Invoice{} }}}
	s := packing()
	j, _, err := Open(o, s)
	if err != nil {
		t.Fatal(err)
	}
	of := func(s *Store) (ids []string) {
		for _, r := range OwnedBy[*object.Invoice](s.Begin(), "cus_late") {
			ids = append(ids, r.ID)
		}
		return ids
	}
	for i := range 3 {
		s.Save(invoice(i, "draft"))
	}
	for _, i := range []int{2, 0, 1} {
		late := invoice(i, "draft")
		late.Customer = "cus_late"
		s.Save(late)
	}
	before := of(s)
	if err := j.Reset(s, Mark{}); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	again := packing()
	j, _, err = Open(o, again)
	if err != nil {
		t.Fatal(err)
	}
	if after := of(again); !slices.Equal(before, after) || len(after) != 3 {
		t.Errorf("%v became %v", before, after)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
