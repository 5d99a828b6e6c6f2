package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

const meanwhile = "Something changed since this preview. Nothing was done. Please look again."

// The same purchase, or gift, was previewed in two tabs. The second is asked again: the first one is a change.
func TestDASH96TwoTabs(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.Product("pack", "", JSON{"price": 10}).AddOn()
	w.PutGoodCard("ada")
	first, second := preview(b, "ada", "pack", "Charge the card on file"), preview(b, "ada", "pack", "Charge the card on file")
	first.Press("Enable pack and charge $10.00").Said("pack enabled.")
	again := second.Press("Enable pack and charge $10.00").Refused(http.StatusConflict, meanwhile)
	w.Billed("ada", 1000)
	again.Press("Enable pack and charge $10.00").Said("pack enabled.")
	w.Billed("ada", 1000, 1000)

	w.Post("/v1/rewards", JSON{"id": "thirty", "name": "Thirty", "type": "fixed_discount", "discount_config": JSON{"discount_value": 30, "duration_type": "one_off", "apply_to_all": true, "should_rollover": true}})
	first, second = give(b, "ada", "Thirty", ""), give(b, "ada", "Thirty", "")
	first.Press("Give Thirty").Said("Reward given.")
	second.Press("Give Thirty").Refused(http.StatusConflict, meanwhile)
	b.Get("/dashboard/customers/ada").Says("Left in all: $30.00")
}

// A cancel that was previewed in one period is not done in the next: that one has an invoice of its own.
func TestDASH97ARenewalIsAChange(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	w.AdvanceTo(T1.Add(-4 * time.Minute))
	p := b.Get("/dashboard/customers/ada").Click("Cancel pro").Form("Cancel pro").Choose("When", "Now").Press("Preview").Says("pro ends now.")
	w.AdvanceTo(T1.Add(4 * time.Minute))
	p.Press("Confirm cancel").Refused(http.StatusConflict, meanwhile)
	w.HasProducts("ada", "pro active")
}

// A comma parts thousands; where it may be a decimal point the number is refused, not read as ten times as much.
func TestDASH98Commas(t *testing.T) {
	t.Parallel()
	_, b := shopFor(t)
	f := b.Get("/dashboard/customers/ada/balance").Form("Change balance").Choose("Feature", "messages")
	for _, typed := range []string{"1,5", "12,50", "1.234,5", "1,2,3", ",5", "1234,567", "1,2e3", "1,000,00"} {
		f.Fill("Left", typed).Press("Save balance").Refused(http.StatusUnprocessableEntity, "“"+typed+"” is not a number.")
		preview(b, "ada", "pro", "Send an invoice", "Base price", typed).Refused(http.StatusUnprocessableEntity, "“"+typed+"” is not a number.")
	}
	for typed, left := range map[string]string{"1,500": "1,500", "12,345,678.5": "12,345,678.5", "7": "7"} {
		if row := f.Fill("Left", typed).Press("Save balance").Said("Saved.").Row("Balances", "messages"); row["Left"] != left {
			t.Errorf("%s: %v", typed, row)
		}
	}
}

// An address that names no import, however long, says so.
func TestDASH99NoSuchImport(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	for _, id := range []string{"nope", strings.Repeat("a", 3000)} {
		b.Try("/dashboard/customers/import/"+id).Refused(http.StatusNotFound, "There is no such import any more")
	}
}
