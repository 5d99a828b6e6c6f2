package v1_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const proBody = `{"id":"pro","name":"Pro","description":null,"group":"main","items":[
	{"price":20,"interval":"month"},
	{"feature_id":"messages","feature_type":"single_use","included_usage":500,"interval":"month","reset_usage_when_enabled":true},
	{"feature_id":"dashboard","feature_type":"static"},
	{"feature_id":"words","feature_type":"single_use","included_usage":200,"price":0.05,"interval":"month","usage_model":"pay_per_use","billing_units":10,"usage_limit":1000},
	{"feature_id":"seats","feature_type":"continuous_use","tiers":[{"to":5,"amount":12},{"to":"inf","amount":10}],"interval":"month","usage_model":"prepaid","config":{"on_increase":"prorate_immediately","on_decrease":"none"}}],
	"free_trial":{"length":"7","unique_fingerprint":true}}`

// withoutIDs removes the price ids, which differ each time.
func withoutIDs(product map[string]any) map[string]any {
	for _, item := range product["items"].([]any) {
		if i := item.(map[string]any); i["price_id"] != nil {
			i["price_id"] = "pr"
		}
	}
	return product
}

func TestAProductIsAnsweredWithEveryDeclaredKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	created := s.ok("POST", "/v1/products", proBody)
	sameJSON(t, withoutIDs(created), `{"id":"pro","name":"Pro","description":null,"group":"main","env":"sandbox","currency":"usd","is_add_on":false,"is_default":false,
		"archived":false,"version":1,"created_at":1806537600000,"items":[
		{"type":"price","feature_id":null,"feature_type":null,"included_usage":null,"interval":"month","interval_count":1,"price":20,"tiers":null,
		 "usage_model":null,"billing_units":null,"reset_usage_when_enabled":null,"usage_limit":null,"entity_feature_id":null,"config":null,"price_id":"pr","display":null},
		{"type":"feature","feature_id":"messages","feature_type":"single_use","included_usage":500,"interval":"month","interval_count":1,"price":null,"tiers":null,
		 "usage_model":null,"billing_units":null,"reset_usage_when_enabled":true,"usage_limit":null,"entity_feature_id":null,"config":null,"price_id":null,"display":null},
		{"type":"feature","feature_id":"dashboard","feature_type":"static","included_usage":null,"interval":null,"interval_count":null,"price":null,"tiers":null,
		 "usage_model":null,"billing_units":null,"reset_usage_when_enabled":null,"usage_limit":null,"entity_feature_id":null,"config":null,"price_id":null,"display":null},
		{"type":"priced_feature","feature_id":"words","feature_type":"single_use","included_usage":200,"interval":"month","interval_count":1,"price":0.05,"tiers":null,
		 "usage_model":"pay_per_use","billing_units":10,"reset_usage_when_enabled":false,"usage_limit":1000,"entity_feature_id":null,"config":null,"price_id":"pr","display":null},
		{"type":"priced_feature","feature_id":"seats","feature_type":"continuous_use","included_usage":0,"interval":"month","interval_count":1,"price":null,
		 "tiers":[{"to":5,"amount":12},{"to":"inf","amount":10}],"usage_model":"prepaid","billing_units":1,"reset_usage_when_enabled":false,"usage_limit":null,
		 "entity_feature_id":null,"config":{"on_increase":"prorate_immediately","on_decrease":"none"},"price_id":"pr","display":null}],
		"free_trial":{"duration":"day","length":7,"unique_fingerprint":true,"card_required":true,"trial_available":true},
		"base_variant_id":null,"scenario":null,
		"properties":{"is_free":false,"is_one_off":false,"interval_group":"month","has_trial":true,"updateable":true}}`)
}

func TestWhatIsReadCanBeWritten(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/products", proBody)
	s.held("pro", 1)
	read := s.ok("GET", "/v1/products/pro", "")
	sameJSON(t, s.ok("POST", "/v1/products/pro", jsonOf(t, read)), jsonOf(t, read))
	read["id"] = "copy"
	copied := s.ok("POST", "/v1/products", jsonOf(t, read))
	sameJSON(t, withoutIDs(copied), jsonOf(t, withoutIDs(read)))
}

func TestAnEditMakesAVersionOnlyWhenSomebodyHoldsTheLast(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	first := s.ok("POST", "/v1/products", proBody)
	edited := s.ok("PATCH", "/v1/products/pro", `{"items":[{"price":25,"interval":"month"}],"free_trial":null}`)
	if edited["version"] != 1.0 || edited["free_trial"] != nil {
		t.Errorf("no customer has it, and the edit made %v", edited)
	}
	s.held("pro", 1)
	if named := s.ok("POST", "/v1/products/pro", `{"name":"Professional","group":null,"archived":true}`); named["version"] != 1.0 || named["name"] != "Professional" || named["group"] != nil {
		t.Errorf("a new name made %v", named)
	}
	next := s.ok("POST", "/v1/products/pro", `{"items":[{"price":30,"interval":"month"}],"archived":false}`)
	if next["version"] != 2.0 || next["name"] != "Professional" {
		t.Errorf("other items made %v", next)
	}
	old := s.ok("GET", "/v1/products/pro?version=1", "")
	if got := old["items"].([]any)[0].(map[string]any)["price"]; got != 25.0 {
		t.Errorf("customers of version 1 pay %v now", got)
	}
	if len(s.ok("GET", "/v1/products", "")["list"].([]any)) != 1 || first["version"] != 1.0 {
		t.Error("the list does not show the latest version alone")
	}
	s.refused("GET", "/v1/products/pro?version=3", "", 404, "product_not_found")
	s.refused("GET", "/v1/products/pro?version=last", "", 400, "invalid_inputs")
	s.refused("DELETE", "/v1/products/pro", "", 400, "product_has_customers")
}

func TestProductsAreListedArchivedAndDeleted(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sameJSON(t, s.ok("GET", "/v1/products_beta", ""), `{"list":[]}`)
	s.ok("POST", "/v1/products", `{"id":"free_plan"}`)
	s.ok("POST", "/v1/products", `{"id":"old","group":""}`)
	s.ok("PATCH", "/v1/products/old", `{"archived":true}`)
	for path, want := range map[string]string{
		"/v1/products": "free_plan", "/v1/products_beta?customer_id=ada": "free_plan", "/v1/products?include_archived=true": "free_plan old",
	} {
		ids := ""
		for _, p := range s.ok("GET", path, "")["list"].([]any) {
			ids += " " + p.(map[string]any)["id"].(string)
		}
		if ids != " "+want {
			t.Errorf("%s lists%s, want %s", path, ids, want)
		}
	}
	sameJSON(t, s.ok("DELETE", "/v1/products/old?all_versions=true", ""), `{"success":true}`)
	s.refused("GET", "/v1/products/old", "", 404, "product_not_found")
	s.refused("DELETE", "/v1/products/old", "", 404, "product_not_found")
}

func TestUpdateableIsAQuantityThatCanBeBoughtAgain(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/features", `{"id":"messages","type":"single_use"}`)
	for item, want := range map[string]bool{
		`{"feature_id":"messages","price":1,"interval":"month","usage_model":"prepaid"}`:     true,
		`{"feature_id":"messages","price":1,"usage_model":"prepaid"}`:                        false, // bought once
		`{"feature_id":"messages","price":1,"interval":"month","usage_model":"pay_per_use"}`: false, // no quantity
	} {
		product := s.ok("POST", "/v1/products", `{"id":"p","items":[`+item+`]}`)
		if got := product["properties"].(map[string]any)["updateable"]; got != want {
			t.Errorf("%s: updateable is %v", item, got)
		}
		s.ok("DELETE", "/v1/products/p", "")
	}
}

func TestWhoMayChangeTheCatalogSeesEveryChangeAtOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("GET", "/v1/products", "") // this function has the catalog in memory now
	must(t, s.another().Store.Commit(t.Context(), catalog.Sandbox, app.SaveProduct{Product: catalog.Product{ID: "pro", Version: 1}, New: true}))
	s.ok("GET", "/v1/products/pro", "")
}

func TestProductsRefuseWhatTheyCannotBe(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/products", proBody)
	for body, code := range map[string]string{
		`{"id":"pro"}`:  "product_already_exists",
		`{"name":"No"}`: "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"nothing"}]}`:                                                     "feature_not_found",
		`{"id":"p","items":[{"feature_id":"messages","feature_type":"boolean"}]}`:                           "invalid_product_item",
		`{"id":"p","items":[{"price":"20","interval":"month"}]}`:                                            "invalid_inputs",
		`{"id":"p","items":[{"price":20,"interval":"day"}]}`:                                                "invalid_inputs",
		`{"id":"p","items":[{"price":20,"interval":"month","interval_count":0}]}`:                           "invalid_inputs",
		`{"id":"p","items":[{"price":0.001}]}`:                                                              "invalid_product_item",
		`{"id":"p","items":[{"price":1e30}]}`:                                                               "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"messages","included_usage":"lots"}]}`:                            "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"messages","tiers":[{"amount":1}],"interval":"month"}]}`:          "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"messages","tiers":[{"to":"inf"}],"interval":"month"}]}`:          "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"messages","interval":"month","config":{"rollover":{"max":5}}}]}`: "invalid_product_item",
		`{"id":"p","items":[5]}`:                                                "invalid_inputs",
		`{"id":"p","items":{}}`:                                                 "invalid_inputs",
		`{"id":"p","free_trial":7}`:                                             "invalid_inputs",
		`{"id":"p","free_trial":{"length":"a week"}}`:                           "invalid_inputs",
		`{"id":"p","free_trial":{}}`:                                            "invalid_inputs",
		`{"id":"p","group":5}`:                                                  "invalid_inputs",
		`{"id":"p","is_default":true,"is_add_on":true}`:                         "invalid_inputs",
		`{"id":"p","is_default":true,"items":[{"price":1}]}`:                    "invalid_inputs",
		`{"id":"p","items":[{"feature_id":"m/m","feature_type":"single_use"}]}`: "invalid_feature",
	} {
		status := http.StatusBadRequest
		if code == "feature_not_found" {
			status = http.StatusNotFound
		}
		s.refused("POST", "/v1/products", body, status, code)
	}
	s.refused("POST", "/v1/products/pro", `{"id":"pro2"}`, 400, "invalid_inputs")
	s.refused("POST", "/v1/products/nothing", `{}`, 404, "product_not_found")
	s.refused("GET", "/v1/features/m", "", 404, "feature_not_found") // a refused product leaves no feature behind
}

func TestAPublishableKeyListsProductsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/products", proBody)
	for _, path := range []string{"/v1/products", "/v1/products_beta"} {
		if status, out := s.call(publicKey, "GET", path, ""); status != 200 || len(out["list"].([]any)) != 1 {
			t.Errorf("GET %s: %d %v", path, status, out)
		}
	}
	for _, call := range [][2]string{{"POST", "/v1/products"}, {"GET", "/v1/products/pro"}, {"POST", "/v1/products/pro"}, {"PATCH", "/v1/products/pro"},
		{"DELETE", "/v1/products/pro"}, {"GET", "/v1/features"}, {"POST", "/v1/features"}, {"GET", "/v1/features/words"}, {"DELETE", "/v1/features/words"}} {
		if status, out := s.call(publicKey, call[0], call[1], "{}"); status != 401 || out["code"] != "endpoint_not_public" {
			t.Errorf("%s %s with a publishable key: %d %v", call[0], call[1], status, out)
		}
	}
}

func TestTheCatalogOfOneEnvironmentIsNotThatOfTheOther(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/products", proBody)
	if status, _ := s.call(liveKey, "GET", "/v1/products/pro", ""); status != 404 {
		t.Errorf("live reads a sandbox product: %d", status)
	}
	if _, out := s.call(liveKey, "GET", "/v1/features", ""); len(out["list"].([]any)) != 0 {
		t.Errorf("live lists sandbox features: %v", out)
	}
	if status, out := s.call(liveKey, "POST", "/v1/products", proBody); status != 200 || out["env"] != "live" {
		t.Errorf("live can't have a product of the same id: %d %v", status, out)
	}
}

func TestOfParallelCreatesExactlyOneSucceeds(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	var made atomic.Int32
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() {
			status, out := s.call(secretKey, "POST", "/v1/products", fmt.Sprintf(`{"id":"pro","name":"By %d","items":[{"feature_id":"new","feature_type":"boolean"}]}`, n))
			switch {
			case status == 200:
				made.Add(1)
			case status != 400 || out["code"] != "product_already_exists":
				t.Errorf("%d %v", status, out)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("%d of 12 creates succeeded", made.Load())
	}
}

// A quickCustomer takes version 1 of pro between the decision on an edit and
// its write.
type quickCustomer struct {
	app.Store
	taken *atomic.Bool
}

func (q quickCustomer) Commit(ctx context.Context, env catalog.Env, writes ...app.Write) error {
	if save, ok := writes[0].(app.SaveProduct); ok && !save.New && q.taken.CompareAndSwap(false, true) {
		if err := q.Store.Commit(ctx, env, app.MarkVersionInUse{ProductID: "pro", Version: 1}); err != nil {
			return err
		}
	}
	return q.Store.Commit(ctx, env, writes...)
}

func TestAnEditIsDecidedAgainWhenACustomerWasFaster(t *testing.T) {
	t.Parallel()
	s := openShop(t, func(store app.Store) app.Store { return quickCustomer{store, new(atomic.Bool)} })
	s.ok("POST", "/v1/products", proBody)
	if edited := s.ok("POST", "/v1/products/pro", `{"items":[]}`); edited["version"] != 2.0 {
		t.Errorf("the edit changed what the customer bought: %v", edited)
	}
	if bought := s.ok("GET", "/v1/products/pro?version=1", ""); len(bought["items"].([]any)) != 5 {
		t.Errorf("the customer's version is now %v", bought)
	}
}
