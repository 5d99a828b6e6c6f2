package requests

import (
	"testing"

	. "windfall/tests/world"
)

// A filter that is sent empty, as by a variable that was never set, would list everything:
// it is refused by its name. The first page and any text may be asked for in this way.
func TestAnEmptyFilterIsNotTakenAsLeftOut(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}))
	for _, path := range []string{
		"/v1/redemptions?status=", "/v1/redemptions?program_id=", "/v1/redemptions?customer_id=", "/v1/redemptions?limit=", "/v1/products?customer_id=",
		"/v1/products?include_archived=", "/v1/products/pro?customer_id=", "/v1/products/pro?version=", "/v1/rewards/ten/promo_codes?active=", "/v1/customers?limit=",
	} {
		a := w.Do(w.Stack.Key, "GET", path, nil)
		w.Want(path, []any{a.Status, a.Body["code"]}, []any{400, "invalid_inputs"})
	}
	for _, path := range []string{"/v1/redemptions?cursor=", "/v1/customers?search=", "/v1/customers/c?expand=", "/v1/rewards?cursor="} {
		w.Want(path, w.Do(w.Stack.Key, "GET", path, nil).Status, 200)
	}
	a := w.Do(w.Stack.Key, "POST", "/v1/rewards/ten/promo_codes/SAVE10?customer_id=", JSON{"active": false})
	w.Want("a code of nobody", []any{a.Status, a.Body["code"]}, []any{400, "invalid_inputs"})
}
