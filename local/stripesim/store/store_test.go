package store

import (
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
