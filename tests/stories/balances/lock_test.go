package balances

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func TestLOCK01ReserveAndConfirm(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	got := w.Lock("c", "messages", "job", 30)
	w.Want("allowed", got["allowed"], true)
	w.Want("left in the answer", got["balance"].(JSON)["remaining"], 70)
	w.HasUsed("c", "messages", 70, 30)
	w.HasEvents("c")
	w.Confirm("job")
	w.HasUsed("c", "messages", 70, 30)
	w.HasEvents("c", 30)
	w.Want("a repetition", w.Confirm("job")["success"], true)
	w.HasUsed("c", "messages", 70, 30)
	w.HasEvents("c", 30)
	w.Refused(409, "lock_finalized", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "release"})
	w.Refused(409, "lock_finalized", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "confirm", "override_value": 10})
	w.HasUsed("c", "messages", 70, 30)
}

func TestLOCK02Release(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "job", 30)
	w.Release("job")
	w.Release("job")
	w.HasUsed("c", "messages", 100, 0)
	w.HasEvents("c")
	w.Refused(409, "lock_finalized", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "confirm"})
	w.Refused(409, "lock_finalized", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 30, "lock": JSON{"enabled": true, "lock_id": "job"}})
	w.Refused(404, "lock_not_found", "/v1/balances.finalize", JSON{"lock_id": "other", "action": "confirm"})
}

func TestLOCK03AnotherFinalValue(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "less", 30)
	w.Confirm("less", JSON{"override_value": 12.5})
	w.HasUsed("c", "messages", 87.5, 12.5)
	w.Lock("c", "messages", "more", 30)
	w.Confirm("more", JSON{"override_value": 40})
	w.HasUsed("c", "messages", 47.5, 52.5)
	w.Lock("c", "messages", "all", 40)
	got := w.Confirm("all", JSON{"override_value": 50})
	w.Want("recorded", got["recorded"], 47.5)
	w.Want("dropped", got["dropped"], 2.5)
	w.HasUsed("c", "messages", 0, 100)
	w.HasEvents("c", 50, 40, 12.5)
}

func TestLOCK04AllOrNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "first", 60)
	w.Want("more than is left", w.Lock("c", "messages", "second", 50)["allowed"], false)
	w.Refused(400, "insufficient_balance", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "messages", "value": 50, "lock": JSON{"enabled": true, "lock_id": "third"}})
	w.HasUsed("c", "messages", 40, 60)
	w.Want("what is reserved can't be tracked", w.Track("c", "messages", 50)["dropped"], 10)
	w.Release("first")
	w.HasUsed("c", "messages", 60, 40)
	w.Want("an id that reserved nothing is free", w.Lock("c", "messages", "second", 50)["allowed"], true)
	w.HasUsed("c", "messages", 10, 90)
}

func TestLOCK05ExpiresByItself(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "job", 30, ExpiresAt(T0.Add(time.Hour)))
	w.AdvanceTo(T0.Add(time.Hour - time.Millisecond))
	w.HasUsed("c", "messages", 70, 30)
	w.AdvanceTo(T0.Add(time.Hour))
	w.HasUsed("c", "messages", 100, 0)
	w.Want("all can be tracked", w.Track("c", "messages", 100)["dropped"], 0)
	w.Refused(409, "lock_expired", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "confirm"})
	w.Want("a release finds nothing to do", w.Release("job")["success"], true)
	w.HasUsed("c", "messages", 0, 100)
}

func TestLOCK06TheSameIDAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "job", 80)
	got := w.Lock("c", "messages", "job", 80)
	w.Want("again", got["allowed"], true)
	w.Want("left", got["balance"].(JSON)["remaining"], 20)
	w.HasUsed("c", "messages", 20, 80)
	for what, body := range map[string]JSON{
		"another amount":   {"customer_id": "c", "feature_id": "messages", "required_balance": 10},
		"another customer": {"customer_id": "d", "feature_id": "messages", "required_balance": 80},
	} {
		t.Log(what)
		w.Refused(409, "lock_exists", "/v1/balances.check", Merge(body, JSON{"lock": JSON{"enabled": true, "lock_id": "job"}}))
	}
	w.HasUsed("d", "messages", 100, 0)
}

func TestLOCK07AResetBetween(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.AdvanceTo(T1.Add(-2 * time.Hour))
	w.Lock("c", "messages", "kept", 200)
	w.Lock("c", "messages", "freed", 100)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.HasUsed("c", "messages", 500, 0)
	w.Confirm("kept")
	w.Release("freed")
	w.HasUsed("c", "messages", 500, 0)
	w.HasEvents("c", 200)
}

func TestLOCK08OverageOfThePeriodInWhichItWasReserved(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 90)
	w.AdvanceTo(T1.Add(-2 * time.Hour))
	w.Lock("c", "messages", "kept", 30)  // 20 of them are overage
	w.Lock("c", "messages", "freed", 50) // all of them would be
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000) // nothing was confirmed
	w.HasUsed("c", "messages", 100, 0)
	w.Confirm("kept")
	w.Release("freed")
	w.HasUsed("c", "messages", 100, 0)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 2000, 2200)
	w.NothingUnbilled("c")
}
