package storage

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A tree and a plain map must agree after any operations, and every walk must
// give the map's keys in order.
func TestTreeIsASortedMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grown := &tree{}
		model := map[string]int{}
		universe := rapid.SampledFrom([]int{10, 300, 5000}).Draw(t, "universe")
		key := func(label string) string { return fmt.Sprintf("%04d", rapid.IntRange(0, universe-1).Draw(t, label)) }
		bulk := rapid.IntRange(0, universe).Draw(t, "bulk") // enough for several levels
		for i := range bulk {
			k := fmt.Sprintf("%04d", i*37%universe)
			grown.set(newEntry(k, fmt.Sprint(i)))
			model[k] = i
		}
		for range rapid.IntRange(0, 200).Draw(t, "operations") {
			k := key("key")
			if rapid.Bool().Draw(t, "remove") {
				grown.remove(k)
				delete(model, k)
			} else {
				grown.set(newEntry(k, fmt.Sprint(len(model))))
				model[k] = len(model)
			}
		}
		if drain := rapid.IntRange(0, 2).Draw(t, "drain"); drain > 0 {
			from := "" // everything
			if drain == 1 {
				from = key("drain from")
			}
			for k := range maps.Clone(model) {
				if k >= from {
					grown.remove(k)
					delete(model, k)
				}
			}
		}
		compareTree(t, grown, model, key("from"))
	})
}

func compareTree(t *rapid.T, grown *tree, model map[string]int, from string) {
	if grown.size != len(model) {
		t.Fatalf("size %d, want %d", grown.size, len(model))
	}
	if len(model) == 0 && grown.root != nil {
		t.Fatal("an empty tree keeps nodes")
	}
	for k, want := range model {
		if got, found := grown.get(k); !found || got != newEntry(k, fmt.Sprint(want)) {
			t.Fatalf("get(%s) = %s, %v, want %d", k, got, found, want)
		}
	}
	keys := slices.Sorted(maps.Keys(model))
	at, _ := slices.BinarySearch(keys, from)
	var up, down []string
	for e := range grown.ascend(from) {
		up = append(up, e.key())
	}
	for e := range grown.descend(&from) {
		down = append(down, e.key())
	}
	slices.Reverse(down)
	if !slices.Equal(up, keys[at:]) || !slices.Equal(down, keys[:at]) {
		t.Fatalf("walks from %s: up %v, down %v, keys %v", from, up, down, keys)
	}
}
