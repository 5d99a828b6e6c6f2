package rewards

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// The rewards of the matrix, a column each.
var matrixRewards = []struct {
	title, id string
	terms     JSON
}{
	{"20 % once", "percent_once", JSON{"type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true}}},
	{"20 % for 1 month", "percent_month", JSON{"type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "months", "duration_value": 1, "apply_to_all": true}}},
	{"20 % forever", "percent_forever", JSON{"type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "forever", "apply_to_all": true}}},
	{"4.00 once", "amount_once", JSON{"type": "fixed_discount", "discount_config": JSON{"discount_value": 4, "duration_type": "one_off", "apply_to_all": true}}},
	{"4.00 forever", "amount_forever", JSON{"type": "fixed_discount", "discount_config": JSON{"discount_value": 4, "duration_type": "forever", "apply_to_all": true}}},
	{"credits", "credits", JSON{"type": "invoice_credits", "discount_config": JSON{"discount_value": 30, "duration_type": "one_off", "apply_to_all": true}}},
	{"free product", "product", JSON{"type": "free_product", "free_product_id": "booster"}},
}

// The ways to use a reward, a row each: what the customer has before, and the request
// that names the reward by its code.
var matrixWays = []struct {
	title string
	has   string
	late  bool // half of the period is over
	path  string
	ask   JSON
}{
	{"new product of 20.00, by card", "", false, "/v1/attach", JSON{"product_id": "pro"}},
	{"the same, by invoice", "", false, "/v1/attach", JSON{"product_id": "pro", "invoice": true}},
	{"the same, on a page", "", false, "/v1/attach", JSON{"product_id": "pro", "force_checkout": true}},
	{"the same, typed on the page", "", false, typedOnThePage, JSON{"product_id": "pro"}},
	{"an add-on of 20.00", "", false, "/v1/attach", JSON{"product_id": "addon_words"}},
	{"paid once, 9.00", "", false, "/v1/attach", JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}},
	{"paid once, on a page", "", false, "/v1/attach", JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}, "force_checkout": true}},
	{"paid once, typed on the page", "", false, typedOnThePage, JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}},
	{"usage alone: 10.00 in the first period", "", false, "/v1/attach", JSON{"product_id": "metered"}},
	{"usage alone, on a page", "", false, "/v1/attach", JSON{"product_id": "metered", "force_checkout": true}},
	{"usage alone, typed on the page", "", false, typedOnThePage, JSON{"product_id": "metered"}},
	{"a trial of 7 days, then 20.00", "", false, "/v1/attach", JSON{"product_id": "pro_trial"}},
	{"a trial, on a page", "", false, "/v1/attach", JSON{"product_id": "pro_trial", "force_checkout": true}},
	{"a trial, typed on the page", "", false, typedOnThePage, JSON{"product_id": "pro_trial"}},
	{"upgrade at half, 20.00 to 50.00", "pro", true, "/v1/attach", JSON{"product_id": "premium"}},
	{"more packs at half, 10.00 to 30.00", "packs", true, "/v1/attach", JSON{"product_id": "packs", "options": []JSON{{"feature_id": "words", "quantity": 300}}}},
	{"downgrade at once at half, 50.00 to 20.00", "premium", true, "/v1/attach", JSON{"product_id": "pro", "plan_schedule": "immediate"}},
	{"downgrade with the period", "premium", true, "/v1/attach", JSON{"product_id": "pro"}},
	{"a product without a price", "", false, "/v1/attach", JSON{"product_id": "booster"}},
	{"an end taken back", "ending", true, "/v1/attach", JSON{"product_id": "pro"}},
	{"`customers/{id}/coupons/{reward}`, 20.00 runs", "pro", true, "/v1/customers/c/coupons/{reward}", JSON{}},
	{"`rewards/redeem`", "pro", true, "/v1/rewards/redeem", JSON{}},
}

// typedOnThePage is for a way in which the customer names the code, and not the
// application.
const typedOnThePage = "typed on the page"

// Every reward in every way that there is to use one: the page has the table, and
// this is what happens.
func TestTheMatrixOfRewardsAndWays(t *testing.T) {
	t.Parallel()
	table := make([][]string, len(matrixWays))
	t.Run("cells", func(t *testing.T) {
		for i := range matrixWays {
			table[i] = make([]string, len(matrixRewards))
			for j := range matrixRewards {
				t.Run(fmt.Sprintf("%s, %s", matrixWays[i].title, matrixRewards[j].title), func(t *testing.T) {
					t.Parallel()
					table[i][j] = matrixCell(t, i, j)
				})
			}
		}
	})
	var text strings.Builder
	text.WriteString("| way |")
	for _, r := range matrixRewards {
		text.WriteString(" " + r.title + " |")
	}
	text.WriteString("\n|---" + strings.Repeat("|---", len(matrixRewards)) + "|\n")
	for i, way := range matrixWays {
		text.WriteString("| " + way.title + " | " + strings.Join(table[i], " | ") + " |\n")
	}
	inPage(t, "rewards", "matrix", text.String())
}

func matrixCell(t *testing.T, i, j int) string {
	way, r := matrixWays[i], matrixRewards[j]
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
	w.Product("packs", "packs", Prepaid("words", 10, 100, "month"))
	w.Post("/v1/rewards", Merge(JSON{"id": r.id, "name": r.id}, r.terms, code("CODE")))
	w.CustomerWithCard("c")
	switch way.has {
	case "":
	case "packs":
		w.Attach("c", "packs", JSON{"options": []JSON{{"feature_id": "words", "quantity": 100}}})
	case "ending":
		w.Attach("c", "pro")
		w.Cancel("c", "pro")
	default:
		w.Attach("c", way.has)
	}
	if way.late {
		w.Advance("15d")
	}
	before := len(w.Invoices("c"))
	ask, path := Merge(JSON{"customer_id": "c", "promo_code": "CODE"}, way.ask), strings.ReplaceAll(way.path, "{reward}", r.id)
	switch {
	case path == typedOnThePage:
		path, ask = "/v1/attach", Merge(JSON{"customer_id": "c", "force_checkout": true}, way.ask)
	case path == "/v1/rewards/redeem":
		ask = JSON{"customer_id": "c", "code": "CODE"}
	case path != way.path:
		ask = JSON{"promo_code": "CODE"}
	}
	a := w.Do(w.Stack.Key, "POST", path, ask)
	if a.Status != 200 {
		return fmt.Sprintf("`%s`", a.Body["code"])
	}
	if page, is := a.Body["checkout_url"].(string); is {
		w.WaitIdle()
		pay := JSON{"payment_method": "pm_card_visa"}
		if way.path == typedOnThePage {
			pay["promotion_code"] = "CODE"
		}
		if a := w.ActOnPage(page, "complete", pay); a.Status != 200 {
			return fmt.Sprintf("`%s` at the page", ValueAt(a.Body, "error.code"))
		}
	}
	w.WaitIdle()
	if ask["product_id"] == "metered" {
		w.Track("c", "words", 200)
	}
	for _, at := range []time.Time{T1, T2} {
		w.AdvancePastRenewal(at)
	}
	var sums []string
	for _, in := range w.Invoices("c")[before:] {
		sums = append(sums, fmt.Sprintf("%.2f", float64(in.Total)/100))
	}
	out := strings.Join(sums, ", ")
	switch r.id {
	case "product":
		out += ", and 100 messages"
	case "credits": // what is to be paid, as credits are no discount
		sums = nil
		for _, amount := range due(w, "c")[before:] {
			sums = append(sums, fmt.Sprintf("%.2f", amount))
		}
		out = strings.Join(append(sums, fmt.Sprintf("%.2f left", left(w, "c"))), ", ")
	}
	return out
}

// inPage compares a part of a page of docs/ between two comments with what a test
// found. With UPDATE=1 it is written, to be read in the diff.
func inPage(t *testing.T, file, name, want string) {
	t.Helper()
	path := "../../../docs/" + file + ".md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), "<!-- "+name+" -->\n")
	part, after, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		t.Fatalf("%s has no part %q", path, name)
	}
	if part == want {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Errorf("%s says of %s:\n%s\nand this is:\n%s", path, name, part, want)
		return
	}
	if err := os.WriteFile(path, []byte(before+"<!-- "+name+" -->\n"+want+"<!-- end -->"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
