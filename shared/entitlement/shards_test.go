package entitlement

import (
	"testing"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
)

func TestShardsAreOpenOnlyWhileNothingEndsTheUse(t *testing.T) {
	t.Parallel()
	unlimited, limited := Head{Open: true}, Head{Available: One}
	none, some := []Decimal{Zero, Zero}, []Decimal{Zero, One}
	for _, tt := range []struct {
		name  string
		s     Shards
		head  Head
		count int
		open  bool
	}{
		{"not asked for", Shards{Want: 1}, unlimited, 0, false},
		{"asked for, of what has a limit", Shards{Want: 4}, limited, 0, false},
		{"asked for", Shards{Want: 4}, unlimited, 4, true},
		{"more than before", Shards{Want: 4, Count: 2, Open: true, Taken: none}, unlimited, 4, true},
		{"fewer than before: all are still read", Shards{Want: 2, Count: 4, Open: true, Taken: none}, unlimited, 4, true},
		{"a limit begins: they close", Shards{Want: 2, Count: 2, Open: true, Taken: none}, limited, 2, false},
		{"closed, and one was met on the way", Shards{Want: 2, Count: 2, Taken: some}, limited, 2, false},
		{"closed and empty: they go", Shards{Want: 2, Count: 2, Taken: none}, limited, 0, false},
		{"closed, and the limit is gone again", Shards{Want: 2, Count: 2, Taken: none}, unlimited, 2, true},
	} {
		if count, open := tt.s.Next(tt.head); count != tt.count || open != tt.open {
			t.Errorf("%s: %d, open %v; want %d, %v", tt.name, count, open, tt.count, tt.open)
		}
	}
}

func TestWhichFeaturesMayBeCountedOnSeveralRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind   FeatureType
		shards int
		ok     bool
	}{
		{SingleUse, 0, true}, {SingleUse, 16, true}, {CreditSystem, 2, true}, {Boolean, 1, true},
		{SingleUse, 17, false}, {SingleUse, -1, false}, {ContinuousUse, 2, false}, {Boolean, 2, false},
	} {
		if err := CheckShards(Feature{ID: "f", Type: tt.kind, WriteShards: tt.shards}); (err == nil) != tt.ok {
			t.Errorf("%d of a %s: %v", tt.shards, tt.kind, err)
		}
	}
}
