package usage

import (
	"testing"

	. "windfall/tests/world"
)

// A use that was counted, and left too little for once more, is told apart from one that
// never was: its repetition says that it is recorded.
func TestARepeatedUseIsADuplicateAlsoWhereNothingIsLeft(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "ada"})
	use := func(key string, value float64) JSON {
		return JSON{"customer_id": "ada", "feature_id": "messages", "value": value, "idempotency_key": key, "overage_behavior": "reject"}
	}
	w.Post("/v1/track", use("a", 60))
	w.Refused(409, "duplicate_idempotency_key", "/v1/track", use("a", 60))
	w.Refused(400, "insufficient_balance", "/v1/track", use("b", 60))
	w.Want("a batch", notRecorded(batch(w, []JSON{use("a", 60), use("b", 60), use("c", 30), use("c", 30), use("a", 1)})),
		[]string{"0 duplicate_idempotency_key", "1 insufficient_balance", "3 duplicate_idempotency_key", "4 duplicate_idempotency_key"})
	w.Want("again", notRecorded(batch(w, []JSON{use("c", 30), use("b", 60)})), []string{"0 duplicate_idempotency_key", "1 insufficient_balance"})
	w.Want("giving back", notRecorded(batch(w, []JSON{use("d", -5), use("b", 60), use("c", 30)})), []string{"1 insufficient_balance", "2 duplicate_idempotency_key"})
	w.HasBalance("ada", "messages", true, 15)
}
