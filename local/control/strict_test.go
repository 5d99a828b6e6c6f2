package control

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"windfall/local/demo"
	"windfall/local/stack"
)

// A fixture is a stack with the demo and a customer with a card.
type fixture struct {
	*testing.T
	s                     *stack.Stack
	subscription, invoice string
}

func open(t *testing.T) fixture {
	t.Helper()
	s, err := stack.Open(stack.Options{Clock: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.Control(New(s, nil))
	if err := demo.Fill(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f := fixture{T: t, s: s}
	f.must("POST", "/v1/customers", `{"id":"new"}`)
	f.must("POST", "/v1/customers", `{"id":"ada"}`)
	f.must("POST", "/_local/customers/ada/payment_method", `{"payment_method":"pm_card_visa"}`)
	f.must("POST", "/v1/attach", `{"customer_id":"ada","product_id":"pro"}`)
	var invoices []struct{ ID, Subscription string }
	if err := json.Unmarshal([]byte(f.must("GET", "/_local/customers/ada/invoices", "")), &invoices); err != nil || len(invoices) != 1 {
		t.Fatalf("%d invoices, %v", len(invoices), err)
	}
	f.invoice, f.subscription = invoices[0].ID, invoices[0].Subscription
	return f
}

func (f fixture) call(method, path, body string) (int, string) {
	f.Helper()
	r := httptest.NewRequestWithContext(f.Context(), method, f.s.BaseURL+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+f.s.Key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (f fixture) must(method, path, body string) string {
	f.Helper()
	status, text := f.call(method, path, body)
	if status != http.StatusOK {
		f.Fatalf("%s %s %s: %d %s", method, path, body, status, text)
	}
	return text
}

// state is everything that a control call could change, except the delivery of
// events.
func (f fixture) state() string {
	f.Helper()
	if err := f.s.Quiet(f.Context()); err != nil {
		f.Fatal(err)
	}
	return f.s.Sim.Now().String() + f.s.Tables() + f.s.Objects()
}

// refused makes a call that must end with this status and a sentence of ours
// that contains want.
func (f fixture) refused(status int, method, path, body, want string) {
	f.Helper()
	got, text := f.call(method, path, body)
	var e map[string]string
	if err := json.Unmarshal([]byte(text), &e); got != status || err != nil || len(e) != 3 || e["code"] == "" || e["env"] != "sandbox" {
		f.Errorf("%s %s %.80s: %d %.400s", method, path, body, got, text)
		return
	}
	message := e["message"]
	for _, foreign := range []string{"json:", "unmarshal", "Go ", "struct", "invalid character", "unexpected end", "parsing time", "net/url", "%!"} {
		if strings.Contains(message, foreign) {
			f.Errorf("%s %s %.80s: not in our words: %s", method, path, body, message)
		}
	}
	if !strings.Contains(message, want) || utf8.RuneCountInString(message) > maxMessage+1 || slices.ContainsFunc(strings.Fields(message), func(word string) bool { return len(word) > 80 }) {
		f.Errorf("%s %s %.80s: no %q, or too long: %.900s", method, path, body, want, message)
	}
}

// A call with an unknown part is refused before anything happens: nothing is
// ignored.
func TestAControlCallIgnoresNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	long, spaced := strings.Repeat("x", 5000), strings.Repeat("x ", 5000)
	pay, change := "/_local/invoices/"+f.invoice+"/pay", "/_local/subscriptions/"+f.subscription
	before := f.state()
	for path, bodies := range map[string][][2]string{
		"/_local/clock": {
			{``, "advance: required"}, {`{}`, "advance: required"}, {`[]`, "JSON object"}, {`null`, "JSON object"}, {`{"advance":"1h"}{}`, "more than one JSON value"}, {`{"advance":`, "not valid JSON"},
			{`{"advance":"1h","to":"2028-01-01T00:00:00Z"}`, "advance and to"}, {`{"Advance":"1h"}`, "Did you mean advance?"}, {`{"advance":"1h","ADVANCE":"1d"}`, "Did you mean advance?"},
			{`{"advance":"1h","advance":"1d"}`, "advance: given twice"}, {`{"advance":"1h","by":"1d"}`, "by: there is no such field"}, {`{"advance":3600}`, "advance: expected string, got number"},
			{`{"advance":"soon"}`, "advance: "}, {`{"advance":""}`, "advance: "}, {`{"advance":"99999y"}`, "advance: "}, {`{"to":"tomorrow"}`, "to: "}, {`{"to":1}`, "to: expected string"}, {`{"to":"2020-01-01T00:00:00Z"}`, "to: the clock only moves forward"},
			{`{"advance":"` + long + `"}`, "advance: "}, {`{"advance":"` + spaced + `"}`, "advance: "}, {`{"to":"` + long + `"}`, "to: "}, {`{"` + long + `":1}`, "no such field"}, {"{\"advance\":\"\xff\"}", "Unicode"},
		},
		"/_local/reset": {{`{"keep":true}`, "keep: there is no such field"}, {`true`, "JSON object"}},
		"/_local/customers/new/payment_method": {
			{``, "payment_method: required"}, {`{"payment_method":""}`, "payment_method: required"}, {`{"payment_method":true}`, "payment_method: expected string, got boolean"}, {`{"paymentMethod":"pm_card_visa"}`, "Did you mean payment_method?"},
			{`{"payment_method":"pm_card_visa","default":false}`, "default: "}, {`{"payment_method":"pm_card_visa"} x`, "more than one JSON value"},
		},
		pay: {{`{"paid_out_of_band":true}`, "paid_out_of_band: there is no such field"}, {`{"x":1,"x":1}`, "x: "}},
		"/_local/invoices/" + f.invoice + "/void":               {{`{"Reason":"x"}`, "Reason: "}},
		"/_local/invoices/" + f.invoice + "/mark_uncollectible": {{`{"reason":"x"}`, "reason: "}, {`"x"`, "JSON object"}},
		"/_local/invoices/" + f.invoice + "/refund":             {{`{"amount":"500"}`, "amount: expected whole number"}, {`{"amount":9999999}`, "Refund amount"}, {`{"amount":0}`, "Refund amount"}, {`{"reason":"x"}`, "reason: "}},
		"/_local/invoices/" + f.invoice + "/dispute":            {{`{"amount":0}`, "amount: must be 1"}, {`{"amount":9999999}`, "The amount of a dispute"}, {`{"won":true}`, "won: "}},
		"/_local/disputes/dp_none/close":                        {{`{}`, "status: "}, {`{"status":"open"}`, "status: "}, {`{"Status":"won"}`, "Did you mean status?"}},
		change: {
			{`{"cancel_at_period_end":true,"cancel_at_period_end":false}`, "cancel_at_period_end: given twice"}, {`{"Cancel_at_period_end":true}`, "Cancel_at_period_end"}, {`{"nothing":1}`, "nothing"},
			{`{"metadata":{"a":"1","a":"2"}}`, "metadata.a: given twice"}, {`{"metadata":{"a":"1"},"metadata[a]":"2"}`, `"metadata[a]"`}, {`{"":true}`, "not the name of a parameter"}, {`{"items":[]}`, "items: an empty array"}, {`{"metadata":{}}`, "metadata: an empty object"},
			{`{"cancel_at_period_end":"maybe"}`, "cancel_at_period_end: "}, {`{"cancel_at_period_end":"` + long + `"}`, "cancel_at_period_end: "}, {`{"cancel_at":"` + spaced + `"}`, "cancel_at: "}, {`{"` + long + `":"1"}`, "unknown parameter"}, {`{"cancel_at":1.5}`, "cancel_at: "}, {`[{"cancel_at_period_end":true}]`, "JSON object"},
		},
		"/_local/events/deliver": {
			{``, "ids: required"}, {`{"ids":[]}`, "ids: required"}, {`{"ids":"evt_1"}`, "ids: expected array, got string"}, {`{"ids":[1]}`, "ids[0]: expected string"}, {`{"id":"evt_1"}`, "id: there is no such field"}, {`{"ids":["evt_1"],"parallel":1}`, "parallel: expected boolean"}, {`{"ids":["evt_1"],"Parallel":true}`, "Did you mean parallel?"},
		},
		"/_local/delivery": {
			{``, "mode: "}, {`{"mode":"later"}`, "mode: "}, {`{"mode":"` + long + `"}`, "mode: "}, {`{"mode":"hold","seed":7}`, "seed: "}, {`{"mode":"shuffle","seed":"7"}`, "seed: expected whole number"}, {`{"mode":"shuffle","seed":7.5}`, "seed: "}, {`{"mode":"hold","Mode":"shuffle"}`, "Did you mean mode?"},
		},
	} {
		for _, body := range bodies {
			f.refused(http.StatusBadRequest, "POST", path, body[0], body[1])
		}
		f.refused(http.StatusBadRequest, "POST", path+"?advance=1h", `{}`, `"advance": this call takes no parameters in the URL`)
		f.refused(http.StatusRequestEntityTooLarge, "POST", path, `{"x":"`+strings.Repeat("x", maxBody)+`"}`, "256 KB")
	}
	for _, path := range []string{"/_local/clock", "/_local/events", "/_local/customers/ada/stripe", "/_local/customers/ada/invoices"} {
		f.refused(http.StatusBadRequest, "GET", path+"?limit=1", "", `"limit": this call takes no parameters`)
		f.refused(http.StatusBadRequest, "GET", path+"?%zz", "", "parameters of the URL")
		f.refused(http.StatusBadRequest, "GET", path, `{"limit":1}`, "takes no body")
	}
	f.refused(http.StatusBadRequest, "DELETE", change, `{"prorate":true}`, "takes no body")
	f.refused(http.StatusBadRequest, "DELETE", change+"?prorate=true", "", `"prorate": `)
	if f.state() != before {
		t.Error("a refused call changed something")
	}
	f.must("POST", "/v1/attach", `{"customer_id":"ada","product_id":"premium"}`) // delivered at once: the mode has not changed
	f.state()                                                                    // waits until it is delivered
	if events := f.s.Sim.Events(); len(events[len(events)-1].Deliveries) != 1 {
		t.Errorf("the last event was delivered %d times", len(events[len(events)-1].Deliveries))
	}
}

// An unknown id is refused briefly, and changes nothing else.
func TestAControlCallNamesWhatItDoesNotFind(t *testing.T) {
	t.Parallel()
	f := open(t)
	before := f.state()
	for _, id := range []string{"nobody", strings.Repeat("x", 3000), "a%20b", "a%2Fpay", "..%2Fcustomers", "%ff", "x%3Fexpand=1", "x%00", "%C3%A9"} {
		f.refused(http.StatusNotFound, "GET", "/_local/customers/"+id+"/stripe", "", "was not found")
		f.refused(http.StatusNotFound, "GET", "/_local/customers/"+id+"/invoices", "", "was not found")
		f.refused(http.StatusNotFound, "POST", "/_local/customers/"+id+"/payment_method", `{"payment_method":"pm_card_visa"}`, "was not found")
		f.refused(http.StatusNotFound, "POST", "/_local/invoices/"+id+"/pay", "", "No such invoice")
		f.refused(http.StatusNotFound, "POST", "/_local/invoices/"+id+"/void", "{}", "No such invoice")
		f.refused(http.StatusNotFound, "POST", "/_local/invoices/"+id+"/refund", "{}", "No such invoice")
		f.refused(http.StatusNotFound, "POST", "/_local/invoices/"+id+"/dispute", "{}", "No such invoice")
		f.refused(http.StatusNotFound, "POST", "/_local/disputes/"+id+"/close", `{"status":"won"}`, "No such dispute")
		f.refused(http.StatusNotFound, "POST", "/_local/subscriptions/"+id, "{}", "No such subscription")
		f.refused(http.StatusNotFound, "DELETE", "/_local/subscriptions/"+id, "", "No such subscription")
		body, _ := json.Marshal(map[string]any{"ids": []string{id}})
		f.refused(http.StatusNotFound, "POST", "/_local/events/deliver", string(body), "ids: there is no event")
		f.refused(http.StatusNotFound, "GET", "/_local/"+id, "", "There is no control call")
	}
	for _, method := range []string{"nope", strings.Repeat("x", 3000), strings.Repeat("x ", 1500), "a/../../customers", "pm_card_visa?x=1", "a b", "é\\u0000"} {
		for _, who := range []string{"new", "ada"} { // with and without a customer at Stripe
			f.refused(http.StatusNotFound, "POST", "/_local/customers/"+who+"/payment_method", `{"payment_method":"`+method+`"}`, "No such PaymentMethod")
		}
	}
	var at struct {
		Methods []struct{ ID string } `json:"payment_methods"`
	}
	if err := json.Unmarshal([]byte(f.must("GET", "/_local/customers/ada/stripe", "")), &at); err != nil || len(at.Methods) == 0 {
		t.Fatalf("%v, %d cards", err, len(at.Methods))
	}
	f.refused(http.StatusBadRequest, "POST", "/_local/customers/new/payment_method", `{"payment_method":"`+at.Methods[0].ID+`"}`, "payment_method: ")
	if f.state() != before {
		t.Error("a refused call changed something")
	}
}

// A new call must be in the tests above.
func TestEveryControlCallIsTested(t *testing.T) {
	t.Parallel()
	tested := []string{"DELETE /_local/clock", "DELETE /_local/subscriptions/{id}", "GET /_local/clock", "GET /_local/customers/{id}/invoices", "GET /_local/customers/{id}/stripe", "GET /_local/events",
		"POST /_local/clock", "POST /_local/customers/{id}/payment_method", "POST /_local/delivery", "POST /_local/events/deliver", "POST /_local/invoices/{id}/mark_uncollectible",
		"POST /_local/invoices/{id}/pay", "POST /_local/invoices/{id}/void", "POST /_local/invoices/{id}/refund", "POST /_local/invoices/{id}/dispute", "POST /_local/disputes/{id}/close", "POST /_local/reset", "POST /_local/subscriptions/{id}"}
	for pattern := range (&Control{}).routes() {
		if !slices.Contains(tested, pattern) {
			t.Errorf("%s is not tested with bad input", pattern)
		}
	}
}
