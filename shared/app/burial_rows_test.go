package app

import (
	"reflect"
	"testing"

	"windfall/shared/credit"
	"windfall/shared/entitlement"
)

// A customer of many rows is deleted in parts, and each kind of row counts.
func TestRowsOfEveryKindAreDeletedInParts(t *testing.T) {
	t.Parallel()
	var rows DeleteRows
	lists := 0
	for v, i := reflect.ValueOf(&rows).Elem(), 0; i < v.NumField(); i++ {
		if f := v.Field(i); f.Kind() == reflect.Slice {
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			lists++
		}
	}
	rows.Balances[0].Shards = entitlement.Shards{Count: 3}
	if got := rows.count(); got != lists+3 {
		t.Errorf("%d rows are counted, want %d: every list of DeleteRows", got, lists+3)
	}
	rows.Credits.Grants, rows.Guesses.Count = make([]credit.Grant, 1), 1
	if got := rows.count(); got != lists+5 {
		t.Errorf("%d rows are counted, want %d: the credits and the guesses, too", got, lists+5)
	}
	for n := 1; n < lists+5; n++ {
		if got := rows.some(n).count(); got > max(n, 4) {
			t.Errorf("a part of %d rows has %d", n, got)
		}
	}
	if some := rows.some(lists + 5); !reflect.DeepEqual(some, rows) {
		t.Errorf("the part that holds all is %+v, want %+v", some, rows)
	}
}
