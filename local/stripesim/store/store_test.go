package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"windfall/local/stripesim/object"
)

func never(object.Row) (int64, int, string) { return 0, -1, "" }

func TestDroppedChangesLeaveNothing(t *testing.T) {
	t.Parallel()
	s := New(never)
	first := s.Begin()
	first.Put(&object.Customer{ID: "a", Name: "old"})
	first.Commit()
	dropped := s.Begin()
	Edit[*object.Customer](dropped, "a").Name = "new"
	dropped.Put(&object.Customer{ID: "b"})
	if all := All[*object.Customer](dropped); len(all) != 2 || all[0].Name != "new" {
		t.Errorf("a change does not see itself: %v", all)
	}
	fork := dropped.Fork()
	Edit[*object.Customer](fork, "b").Name = "forked"
	if b, _ := Find[*object.Customer](dropped, "b"); b.Name != "" {
		t.Error("a fork changed its origin")
	}
	next := s.Begin()
	if all := All[*object.Customer](next); len(all) != 1 || all[0].Name != "old" {
		t.Errorf("a dropped change left %v", all)
	}
}

func TestDuesComeInOrder(t *testing.T) {
	t.Parallel()
	s := New(func(r object.Row) (int64, int, string) {
		i, ok := r.(*object.Invoice)
		if !ok {
			return r.(*object.Subscription).CurrentPeriodEnd, 1, ""
		}
		return i.State.FinalizeAt, 2, ""
	})
	s.Save(&object.Invoice{ID: "late", State: object.InvoiceState{FinalizeAt: 20}})
	s.Save(&object.Invoice{ID: "same", State: object.InvoiceState{FinalizeAt: 10}})
	s.Save(&object.Subscription{ID: "sub", CurrentPeriodEnd: 10})
	var got []string
	for e, ok := s.Next(""); ok; e, ok = s.Next("") {
		got = append(got, e.Key.ID)
		s.Delete(e.Key)
	}
	if want := []string{"sub", "same", "late"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	s.Save(&object.Invoice{ID: "moved", State: object.InvoiceState{FinalizeAt: 5}})
	s.Save(&object.Invoice{ID: "moved", State: object.InvoiceState{FinalizeAt: 50}})
	if e, _ := s.Next(""); e.At != 50 {
		t.Errorf("a row that changed its mind is due at %d", e.At)
	}
}

// Two ids whose hashes are the same are two rows.
func TestTwinsAreTwoRows(t *testing.T) {
	t.Parallel()
	seen := map[uint32]string{}
	var a, b string
	for i := 0; b == ""; i++ {
		id := fmt.Sprint("cus_", i)
		if a = seen[hash(id)]; a != "" {
			b = id
		}
		seen[hash(id)] = id
	}
	s := New(never)
	s.Save(&object.Customer{ID: a, Name: "a"})
	s.Save(&object.Customer{ID: b, Name: "b"})
	s.Save(&object.Customer{ID: b, Name: "changed"})
	name := func(id string) string {
		r, ok := s.Get(Key{"customer", id})
		if !ok {
			return ""
		}
		return string(r.(*object.Customer).Name)
	}
	if name(a) != "a" || name(b) != "changed" || s.count() != 2 {
		t.Errorf("%q, %q, %d rows", name(a), name(b), s.count())
	}
	s.Delete(Key{"customer", a})
	if name(a) != "" || name(b) != "changed" {
		t.Errorf("after the first was deleted: %q, %q", name(a), name(b))
	}
	s.Save(&object.Customer{ID: a, Name: "again"})
	s.Delete(Key{"customer", b})
	if name(a) != "again" || name(b) != "" || s.count() != 1 {
		t.Errorf("after the second was deleted: %q, %q, %d rows", name(a), name(b), s.count())
	}
}

// A row that changes its owner is the new one's alone, among those they had as created.
func TestOwnersHaveTheirRows(t *testing.T) {
	t.Parallel()
	s := New(never)
	card := func(id, owner string) { s.Save(&object.PaymentMethod{ID: id, Customer: object.Text(owner)}) }
	ids := func(owner string) (out []string) {
		for _, r := range OwnedBy[*object.PaymentMethod](s.Begin(), owner) {
			out = append(out, r.ID)
		}
		return out
	}
	card("1", "")
	for _, id := range []string{"2", "3", "4"} {
		card(id, "ada")
	}
	card("1", "ada")
	card("3", "bob")
	card("5", "bob")
	if a, b := ids("ada"), ids("bob"); !slices.Equal(a, []string{"1", "2", "4"}) || !slices.Equal(b, []string{"3", "5"}) {
		t.Errorf("%v and %v", a, b)
	}
	s.Delete(Key{"payment_method", "4"})
	card("1", "")
	if a := ids("ada"); !slices.Equal(a, []string{"2"}) {
		t.Errorf("%v", a)
	}
}

// A file of which most rows are history is written anew as it is opened, also where a
// line has many of them.
func TestAFileOfHistoryIsWrittenAnewAsItIsOpened(t *testing.T) {
	t.Parallel()
	o := Options{Path: filepath.Join(t.TempDir(), "stripe.jsonl"), Kinds: map[string]func() object.Row{"customer": func() object.Row { return &object.Customer{} }}}
	size := func() int64 {
		info, err := os.Stat(o.Path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	opened := func() (*Store, *Journal) {
		s := New(never)
		j, _, err := Open(o, s)
		if err != nil {
			t.Fatal(err)
		}
		j.Shrink(s)
		return s, j
	}
	s, j := opened()
	for range 50 {
		tx := s.Begin()
		for i := range 30 {
			tx.Put(&object.Customer{ID: fmt.Sprint("cus_", i), Object: "customer"})
		}
		if err := j.Append(tx, Mark{}); err != nil {
			t.Fatal(err)
		}
		tx.Commit()
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	before := size()
	s, j = opened()
	if n := len(Rows[*object.Customer](s)); n != 30 || size() > before/20 {
		t.Errorf("%d customers; %d bytes became %d", n, before, size())
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
