package architecture

import (
	"slices"
	"testing"
)

// The embedded database is built in layers: each imports only those below it,
// so a value is independent of tables, and a table of requests. Only the top
// layer speaks HTTP, and only storage touches files.
func TestEmbeddedDatabaseIsBuiltInLayers(t *testing.T) {
	t.Parallel()
	const top = "windfall/local/dynamodb"
	const protocol, attribute, keys, expression, storage = top + "/protocol", top + "/attribute", top + "/keys", top + "/expression", top + "/storage"
	const squeeze = "windfall/local/squeeze" // texts alike, kept short
	allowed := map[string][]string{
		protocol:   {},                                                             // JSON and refusals mean nothing by themselves
		attribute:  {protocol, squeeze},                                            // values are read from JSON
		keys:       {protocol, attribute},                                          // a key is some attributes of an item
		expression: {protocol, attribute, keys},                                    // evaluated on any item, stored or not
		storage:    {protocol, attribute, keys, "windfall/local/journal", squeeze}, // stores changes, without the expressions that led to them
		top:        {protocol, attribute, keys, expression, storage},
	}
	for _, p := range list(t, "./local/dynamodb/...") {
		below, known := allowed[p.ImportPath]
		if !known {
			t.Errorf("%s has no place among the layers", p.ImportPath)
		}
		for _, name := range p.Imports {
			if slices.Contains(ours([]string{name}), name) && !slices.Contains(below, name) {
				t.Errorf("%s must not import %s", p.ImportPath, name)
			}
			if name == "net/http" && p.ImportPath != top {
				t.Errorf("%s must not import net/http: requests are the top's", p.ImportPath)
			}
		}
	}
}
