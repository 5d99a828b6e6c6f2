package rewards

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// noted is metadata of keys with one value each.
func noted(keys int, value string) JSON {
	out := JSON{}
	for i := range keys {
		out[fmt.Sprintf("%040d", i)] = value
	}
	return out
}

// The notes of a code are as many as let a hundred codes into one answer and one
// transaction.
func TestTheNotesOfAllCodesFitAnAnswer(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	const path = "/v1/rewards/boost/promo_codes"
	for name, notes := range map[string]JSON{"emoji": noted(50, strings.Repeat("😀", 500)), "quotes": noted(50, strings.Repeat(`"`, 500)),
		"brackets": noted(50, strings.Repeat("<", 500)), "controls": noted(50, strings.Repeat("\x01", 500))} {
		w.Refused(400, "invalid_promo_code", path, JSON{"code": name, "metadata": notes})
	}
	for i := range 100 {
		value := strings.Repeat("x", 500)
		if i%2 == 0 {
			value = strings.Repeat("😀", 150)
		}
		w.Post(path, JSON{"code": fmt.Sprintf("N%03d", i), "metadata": noted(50, value)})
	}
	w.Refused(400, "invalid_promo_code", path+"/N001", JSON{"metadata": JSON{"k": "v"}})
	w.Refused(400, "invalid_promo_code", path+"/N000", JSON{"metadata": noted(50, strings.Repeat("é", 500))})
	page := w.Get(path + "?limit=100")
	w.Want("a page", []any{len(page["list"].([]any)), page["next_cursor"]}, []any{100, nil})
	w.Want("the reward", len(w.Get("/v1/rewards/boost")["promo_codes"].([]any)), 100)
	w.Want("the list of rewards", len(w.Get("/v1/rewards")["list"].([]any)), 1)
	w.Call("PUT", "/v1/rewards/boost", JSON{"name": "Renamed"})
	for i := range 3 {
		w.Call("DELETE", fmt.Sprintf("%s/N%03d", path, i), nil)
	}
	off := w.Call("PUT", "/v1/rewards/boost", JSON{"promo_codes": []any{}})
	w.Want("switched off", ValueAt(off, "promo_codes.99.status"), "inactive")
	w.Want("none is active", w.Get(path + "?active=true&limit=100")["list"], []any{})
}

// A code for a customer whom no id can name is refused before it is looked for.
func TestACodeForAnImpossibleCustomer(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	for _, id := range []string{strings.Repeat("x", 10000), strings.Repeat("x", 256), ""} {
		for _, field := range []string{"customer_id", "customer"} {
			code, why := JSON{"code": "C8", field: id}, "invalid_request"
			if id == "" {
				why = "invalid_inputs"
			}
			w.Refused(400, why, "/v1/rewards/boost/promo_codes", code)
			w.Refused(400, why, "/v1/rewards/boost", JSON{"promo_codes": []JSON{code}})
			w.Refused(400, why, "/v1/rewards", JSON{"id": "other", "name": "O", "type": "free_product", "free_product_id": "booster", "promo_codes": []JSON{code}})
		}
	}
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "C8"})
	for _, method := range []string{"GET", "DELETE"} {
		a := w.Do(w.Stack.Key, method, "/v1/rewards/boost/promo_codes/C8?customer_id="+strings.Repeat("x", 2000), nil)
		w.Want(method, fmt.Sprint(a.Status, " ", a.Body["code"]), "400 invalid_request")
	}
	w.Want("an empty one", w.Do(w.Stack.Key, "GET", "/v1/rewards/boost/promo_codes/C8?customer_id="+url.QueryEscape("nobody"), nil).Status, 404)
}

// One request makes 40 codes, 32 where they are for single customers, and says so
// beyond that.
func TestAsManyCodesAsOneRequestMakes(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	anybody, single, again, further := []JSON{}, []JSON{}, []JSON{}, []JSON{}
	for i := range 49 {
		w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", i)})
		anybody = append(anybody, JSON{"code": fmt.Sprint("A", i)})
		single = append(single, JSON{"code": fmt.Sprint("S", i), "customer_id": fmt.Sprint("c", i)})
		again = append(again, JSON{"code": fmt.Sprint("S", i), "customer_id": fmt.Sprint("c", i), "max_redemptions": 2})
		further = append(further, JSON{"code": fmt.Sprint("T", i), "customer_id": fmt.Sprint("c", i)})
	}
	reward := func(id string, codes []JSON) Answer {
		return w.Do(w.Stack.Key, "POST", "/v1/rewards", JSON{"id": id, "name": "R", "type": "free_product", "free_product_id": "booster", "promo_codes": codes})
	}
	wantRefused(w, "41 for anybody", reward("r1", anybody[:41]), "invalid_reward")
	w.Want("for anybody", reward("r1", anybody[:40]).Status, 200)
	list := w.Do(w.Stack.Key, "PUT", "/v1/rewards/r1", JSON{"promo_codes": anybody})
	w.Want("nine more", []any{list.Status, len(list.Body["promo_codes"].([]any))}, []any{200, 49})
	w.Want("for single customers", reward("r2", single[:32]).Status, 200)
	for name, a := range map[string]Answer{"33 for customers": reward("r3", further[:33]), "34 of both": reward("r4", append(further[:31], JSON{"code": "U1"}, JSON{"code": "U2"}, JSON{"code": "U3"}))} {
		wantRefused(w, name, a, "invalid_reward")
		message, _ := a.Body["message"].(string)
		w.Want(name+": "+message, strings.Contains(message, "40 codes, 32"), true)
	}
	w.Call("DELETE", "/v1/rewards/r2", nil)
	wantRefused(w, "25 with the texts of others", reward("r5", again[:25]), "invalid_reward")
	w.Want("24 with the texts of others", reward("r6", again[:24]).Status, 200)
}
