package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A product with each kind of item is made and sold as it says; features are made on the way.
func TestDASH65AProductWithFeatures(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	list := b.Get("/dashboard/products").Says("No products yet.")
	list.Click("Features").Says("No features yet.").Click("+ Feature").Form("New feature").Fill("Name", "Chat messages").Choose("Type", "Used up").Press("Create").Said("Feature created.")
	for name, kind := range map[string]string{"Seats": "Kept in use", "Export": "Yes or no"} {
		b.Get("/dashboard/products?tab=features").Click("+ Feature").Form("New feature").Fill("Name", name).Choose("Type", kind).Press("Create").Said("Feature created.")
	}
	b.Get("/dashboard/products?tab=features").Click("+ Feature").Form("New feature").Fill("Name", "Tokens").Choose("Type", "Credits").Fill("Credits per Chat messages", "0.5").Press("Create").Said("Feature created.")
	w.Want("type", b.Get("/dashboard/products?tab=features").Row("Features", "Tokens")["Type"], "Credits")

	form := list.Click("+ Product").Form("New product").Fill("Name", "Pro").Fill("Base price", "20").Fill("Free trial days", "")
	form = form.Press("Add feature").Form("New product").Choose("Item 1: Feature", "Chat messages").Fill("Item 1: Included", "1000").Choose("Item 1: Resets every", "Month").Check("Item 1: Reset usage when enabled")
	form = form.Press("Add feature").Form("New product").Choose("Item 2: Feature", "Export")
	form = form.Press("Add feature").Form("New product").Choose("Item 3: Feature", "Seats").Choose("Item 3: Kind", "Pay per use").Fill("Item 3: Included", "2").Fill("Item 3: Price", "5")
	w.Want("what was typed", []any{form.Value("Name"), form.Value("Item 1: Included"), form.Value("Item 3: Price")}, []any{"Pro", "1000", "5"})
	form.Press("Create").Said("Product created.")
	var items []JSON
	for _, i := range w.Get("/v1/products/pro")["items"].([]any) {
		items = append(items, i.(JSON))
	}
	for n, want := range []JSON{{"price": 20, "interval": "month"}, {"feature_id": "chat_messages", "included_usage": 1000, "interval": "month", "reset_usage_when_enabled": true},
		{"feature_id": "export"}, {"feature_id": "seats", "included_usage": 2, "price": 5, "usage_model": "pay_per_use", "interval": "month"}} {
		for field, value := range want {
			w.Want(field, items[n][field], value)
		}
	}
	w.CustomerWithCard("c", "pro")
	w.Want("invoices", totals(w, "c"), []int64{2000})
	row := b.Get("/dashboard/products").Row("Products", "Pro")
	w.Want("row", []any{row["ID"], row["Price"], row["Features"]}, []any{"pro", "$20.00 each month", "Chat messages, Export and Seats"})

	for id, model := range map[string]string{"bought": "prepaid", "metered": "pay_per_use"} {
		w.Post("/v1/products", JSON{"id": id, "name": id, "is_add_on": true, "items": []JSON{{"feature_id": "chat_messages", "price": 5, "billing_units": 100, "interval": "month", "usage_model": model}}})
	}
	list = b.Get("/dashboard/products")
	w.Want("without a base price", []any{list.Row("Products", "bought")["Price"], list.Row("Products", "metered")["Price"]}, []any{"By quantity", "By use"})
}

// An edit that changes nothing makes no version; another price does, and what the form cannot show stays.
func TestDASH66AProductIsEdited(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.Post("/v1/features", JSON{"id": "words", "name": "Words", "type": "single_use"})
	w.Post("/v1/features", JSON{"id": "pages", "name": "Pages", "type": "single_use"})
	w.Post("/v1/products", JSON{"id": "pro", "name": "Pro", "items": []JSON{Merge(Consumable("words", 100), JSON{"usage_limit": 500}), {"price": 20, "interval": "month"}, {"price": 3, "interval": nil},
		{"feature_id": "pages", "interval": "month", "usage_model": "pay_per_use", "tiers": []JSON{{"to": 10, "amount": 1}, {"to": "inf", "amount": 0.5}}}}, "free_trial": JSON{"length": 1, "duration": "month", "card_required": true}})
	w.CustomerWithCard("c", "pro")
	before := w.Get("/v1/products/pro")
	edit := b.Get("/dashboard/products").Click("Pro").Titled("Edit product").Says("Customers have it", "kept as they are: Pro: Pages and Pro: price of $3.00.")
	edit.Form("Edit product").Press("Save").Said("Saved.")
	w.Want("unchanged", w.Get("/v1/products/pro"), before)
	edit.Form("Edit product").Fill("Name", "Professional").Fill("Base price", "25").Fill("Item 1: Included", "200").Press("Save").Said("Saved.")
	after := w.Get("/v1/products/pro")
	w.Want("version", []any{after["version"], after["name"]}, []any{2, "Professional"})
	items := after["items"].([]any)
	w.Want("items", []any{len(items), ValueAt(items[0], "included_usage"), ValueAt(items[0], "usage_limit"), ValueAt(items[1], "price"), ValueAt(items[2], "price"), ValueAt(items[3], "tiers.1.amount")}, []any{4, 200, 500, 25, 3, 0.5})
	w.Want("trial", ValueAt(after, "free_trial.duration"), "month")
	edit.Form("Edit product").Fill("Name", "Of the version before").Press("Save").Refused(http.StatusBadRequest, "")
}

// What makes no sense in a product is said at its field.
func TestDASH67AProductThatCannotBe(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	form := b.Get("/dashboard/products/products/new").Form("New product").Press("Add feature").Form("New product")
	form.Press("Create").Refused(http.StatusUnprocessableEntity, "Enter a name.")
	form.Fill("Name", "X").Fill("Base price", "ten").Press("Create").Refused(http.StatusUnprocessableEntity, "“ten” is no amount: write one such as 20 or 9.99.")
	form.Fill("Base price", "10").Check("Card required").Press("Create").Refused(http.StatusUnprocessableEntity, "Enter how many days the trial has, or leave what is about it off.")
	form.Uncheck("Card required").Fill("Item 1: Included", "5").Press("Create").Refused(http.StatusUnprocessableEntity, "Choose the feature of this item, or leave all of it blank.")
	form.Choose("Item 1: Feature", "messages").Fill("Item 1: Included", "").Press("Create").Refused(http.StatusUnprocessableEntity, "Enter how many units are included, or “unlimited”.")
	form.Choose("Item 1: Kind", "Prepaid").Press("Create").Refused(http.StatusUnprocessableEntity, "Enter the price of the units.")
	form.Fill("Item 1: Price", "9").Check("Default product").Press("Create").Refused(http.StatusBadRequest, "")
}

// What is refused of an item is said at the field of its row, and what the form does not show by its name: in a new product and
// in an edited one, whatever stands before it.
func TestPAGE16AnItemIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/products", JSON{"id": "tiered", "name": "Tiered", "items": []JSON{{"price": 20, "interval": "month"}, {"price": 3, "interval": nil},
		{"feature_id": "words", "interval": "month", "usage_model": "pay_per_use", "tiers": []JSON{{"to": 10, "amount": 1}, {"to": "inf", "amount": 0.5}}}}})
	made := b.Get("/dashboard/products/products/new").Form("New product").Fill("Name", "New").Fill("Base price", "20").Press("Add feature").Form("New product")
	edited := b.Get("/dashboard/products/products/tiered/edit").Form("Edit product").Press("Add feature").Form("Edit product")
	for title, form := range map[string]*dashboard.Form{"New product": made, "Edit product": edited} {
		button := map[bool]string{true: "Create", false: "Save"}[form == made]
		form = form.Choose("Item 1: Feature", "messages").Fill("Item 1: Included", "10").Press("Add feature").Form(title)
		for _, ask := range []struct {
			name, said string
			typed      [][2]string
		}{
			{"less than nothing", "Item 2: Included: included_usage can't be below 0.", [][2]string{{"Feature", "seats"}, {"Included", "-1"}}},
			{"one feature twice", "Item 2: Feature: feature \"messages\" has two items with the same interval.", [][2]string{{"Feature", "messages"}, {"Included", "20"}}},
			{"a price below 0", "Item 2: Price: price must be above 0.", [][2]string{{"Feature", "seats"}, {"Kind", "Prepaid"}, {"Price", "-2"}}},
			{"too fine a price", "Item 2: Price: price is 0.0000000000001", [][2]string{{"Feature", "seats"}, {"Kind", "Prepaid"}, {"Price", "0.0000000000001"}}},
			{"packs that are none", "Item 2: Per units: “0” is no whole number", [][2]string{{"Feature", "messages"}, {"Kind", "Prepaid"}, {"Price", "2"}, {"Per units", "0"}}},
			{"use for good", "Item 2: Resets every: pay_per_use is billed at the end of each interval", [][2]string{{"Feature", "messages"}, {"Kind", "Pay per use"}, {"Price", "2"}, {"Resets every", "Never"}}},
			{"a longer interval", "Item 2: Resets every: This price is billed every year", [][2]string{{"Feature", "messages"}, {"Kind", "Pay per use"}, {"Price", "2"}, {"Resets every", "Year"}}},
		} {
			f := form.Press("Add feature").Form(title)
			for _, v := range ask.typed {
				if v[0] == "Feature" || v[0] == "Kind" || v[0] == "Resets every" {
					f.Choose("Item 2: "+v[0], v[1])
				} else {
					f.Fill("Item 2: "+v[0], v[1])
				}
			}
			if p := f.Press(button); p.Status < 400 || !strings.Contains(p.Alert(), ask.said) || strings.Contains(p.Words(), "items[") {
				t.Errorf("%s, %s: %d %q", title, ask.name, p.Status, p.Alert())
			}
		}
	}
	edit := b.Get("/dashboard/products/products/tiered/edit").Form("Edit product").Press("Add feature").Form("Edit product").Choose("Item 1: Feature", "words").Choose("Item 1: Kind", "Pay per use").Fill("Item 1: Price", "2")
	edit.Press("Save").Refused(http.StatusBadRequest, "Tiered: words: feature \"words\" has two items with the same interval.")
	edit = b.Get("/dashboard/products/products/tiered/edit").Form("Edit product").Choose("Billed every", "Week")
	edit.Press("Save").Refused(http.StatusBadRequest, "Tiered: words: This price is billed every month")
	b.Get("/dashboard/products/products/new").Form("New product").Fill("Name", "New").Fill("Base price", "0.001").Press("Create").Refused(http.StatusBadRequest, "Base price: price is 0.001")
}
