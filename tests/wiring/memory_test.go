package wiring

import (
	"go/types"
	"maps"
	"slices"
	"testing"
)

// Each function bounds its garbage by its memory.
func TestEveryFunctionSetsHowGarbageIsCollected(t *testing.T) {
	for _, f := range load(t).dev.Functions {
		set := slices.ContainsFunc(slices.Collect(maps.Keys(reach(t, f.Folder))), func(o types.Object) bool { return o.Name() == "collectRarely" })
		if !set {
			t.Errorf("%s does not reach wire.collectRarely", f.Folder)
		}
	}
}
