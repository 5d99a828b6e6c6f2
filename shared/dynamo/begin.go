package dynamo

import (
	"encoding/json"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// OperationIn implements app.Store. An operation that is to be begun at once
// has its id in the attribute `begin`, which the stream's filter looks for.
func (s *Store) OperationIn(image []byte) (catalog.Env, app.Due, bool) {
	var in struct {
		PK    struct{ S string }
		Begin struct{ S string } `json:"begin"`
	}
	if err := json.Unmarshal(image, &in); err != nil || in.Begin.S == "" {
		return "", app.Due{}, false
	}
	env, customerKey, ok := strings.Cut(in.PK.S, customerPK("", ""))
	return catalog.Env(env), app.Due{Key: customerKey, OperationID: in.Begin.S}, ok
}
