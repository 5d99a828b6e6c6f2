package dynamo

import (
	"fmt"
	"testing"

	"windfall/shared/app"
)

// Two rows of one customer are never one source of a sum, whatever the customer is called.
func TestASourceIsOneRow(t *testing.T) {
	t.Parallel()
	for _, customer := range []string{"ada", "a#b", "x#SHARD#3", "x#SHARD#3#y", "3", "#SHARD#0#", "SHARD#1#x"} {
		been := map[string]string{}
		for _, feature := range []string{"messages", "credits"} {
			keys := []key{balanceKey(env, customer, feature)}
			for n := range 5 {
				keys = append(keys, shardKey(env, customer, feature, n))
			}
			for _, k := range keys {
				name, row := sourceName(app.UsageSource{PK: k.PK, SK: k.SK}, "messages"), fmt.Sprint(k)
				if other, twice := been[name]; twice {
					t.Errorf("%s and %s are both %q", other, row, name)
				}
				been[name] = row
			}
		}
	}
}
