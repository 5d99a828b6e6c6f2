package hosted_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// account asks for a challenge before every action, notes what is asked of it,
// and has nothing to show.
type account struct{ asked []string }

func (a *account) View(look func(hosted.View)) { look(empty{}) }

func (a *account) act(bank string, what ...any) *hosted.Refusal {
	a.asked = append(a.asked, fmt.Sprintln(what...)+bank)
	switch bank {
	case hosted.Approve:
		return nil
	case hosted.Fail:
		return &hosted.Refusal{Status: http.StatusPaymentRequired, Message: "The bank said no."}
	}
	return &hosted.Refusal{Status: http.StatusPaymentRequired, Challenge: &hosted.Challenge{Last4: "3184", Amount: 123456, Currency: "usd"}}
}

func (a *account) Complete(session string, p hosted.Purchase, bank string) (*object.CheckoutSession, *hosted.Refusal) {
	refused := a.act(bank, session, p.PaymentMethod, p.Quantities["li_1"])
	return &object.CheckoutSession{ID: session, SuccessURL: "http://shop.test/?s={CHECKOUT_SESSION_ID}"}, refused
}

func (a *account) PayInvoice(invoice, card, bank string) *hosted.Refusal {
	return a.act(bank, invoice, card)
}

func (a *account) UsePortal(session string, do hosted.PortalAction) *hosted.Refusal {
	return a.act(do.Bank, session, do.Name, do.Subscription, do.Card)
}

// empty is an account without a single object.
type empty struct{}

func (empty) Base() string                                       { return "http://sim.test" }
func (empty) Session(string) (*object.CheckoutSession, bool)     { return nil, false }
func (empty) Quote(string, hosted.Purchase) hosted.Quote         { return hosted.Quote{} }
func (empty) Outcome(*object.CheckoutSession) (o hosted.Outcome) { return o }
func (empty) Bill(string, string) (b hosted.Bill, ok bool)       { return b, false }
func (empty) Billing(string) (b hosted.Billing, ok bool)         { return b, false }

func newPages() (*hosted.Server, *account) {
	a := &account{}
	return hosted.New(a, hosted.Options{Shop: "Ada & Sons", Home: "http://home.test/", Cards: []pages.Card{{Token: "pm_card_visa"}}}), a
}

func TestAnAddressWithoutAPage(t *testing.T) {
	t.Parallel()
	s, a := newPages()
	for _, c := range []struct {
		request string
		status  int // of a page, 0 for none
	}{
		{"GET /pay/cs_1", 404}, {"GET /pay/cs_1/what", 404}, {"POST /pay/cs_1/what", 0}, {"PUT /pay/cs_1", 0}, {"GET /pay/done", 200}, {"GET /pay/done?session_id=cs_1", 404},
		{"GET /portal/bps_1", 404}, {"GET /portal/bps_1/what", 404}, {"POST /portal/bps_1/what", 0}, {"DELETE /portal/bps_1", 0},
		{"GET /invoice/in_1", 404}, {"GET /invoice/in_1/pdf", 404}, {"PUT /invoice/in_1", 0}, {"GET /elsewhere", 0},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		got, err := s.Serve(httptest.NewRequest(method, path, nil))
		if got.Status != c.status || (c.status == 0) != errors.Is(err, hosted.ErrNoPage) {
			t.Errorf("%s: %d %v", c.request, got.Status, err)
		}
		if c.status != 0 && !strings.Contains(string(got.Body), "Ada &amp; Sons</title>") {
			t.Errorf("%s: no page of the shop:\n%s", c.request, got.Body)
		}
	}
	if len(a.asked) != 0 {
		t.Errorf("the account was asked %v", a.asked)
	}
}

func TestAFormThatCannotBeReadDoesNothing(t *testing.T) {
	t.Parallel()
	s, a := newPages()
	for _, path := range []string{"/pay/cs_1", "/portal/bps_1"} {
		got, err := s.Serve(httptest.NewRequest("POST", path, strings.NewReader("action=%zz")))
		if err == nil || errors.Is(err, hosted.ErrNoPage) || got.Status != 0 || len(a.asked) != 0 {
			t.Errorf("%s: %d %v, asked %v", path, got.Status, err, a.asked)
		}
	}
}

// The bank's page sends the form again, with the answer of the buyer.
func TestTheChallengeSendsTheFormAgain(t *testing.T) {
	t.Parallel()
	for path, c := range map[string]struct{ form, asked string }{
		"/pay/cs_1":     {"action=complete&payment_method=pm_1&quantity:li_1=7", "cs_1 pm_1 7\n"},
		"/invoice/in_1": {"payment_method=pm_1", "in_1 pm_1\n"},
		"/portal/bps_1": {"action=card&payment_method=pm_1&subscription=sub_1", "bps_1 card sub_1 pm_1\n"},
	} {
		s, a := newPages()
		post := func(form string) hosted.Answer {
			got, err := s.Serve(httptest.NewRequest("POST", path, strings.NewReader(form)))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		got := post(c.form)
		if got.Status != 200 || !strings.Contains(string(got.Body), "•••• 3184") || !strings.Contains(string(got.Body), "$1,234.56") {
			t.Errorf("%s: %d\n%s", path, got.Status, got.Body)
		}
		values, _ := url.ParseQuery(c.form)
		for name := range values {
			if !strings.Contains(string(got.Body), `<input type="hidden" name="`+name+`" value="`+values.Get(name)+`">`) {
				t.Errorf("%s: the challenge lost %s", path, name)
			}
		}
		post(c.form + "&authentication=fail")
		done := post(c.form + "&authentication=approve")
		if to := done.Header.Get("Location"); path == "/pay/cs_1" && (done.Status != http.StatusSeeOther || to != "http://shop.test/?s=cs_1") {
			t.Errorf("bought: %d %s", done.Status, to)
		}
		if want := fmt.Sprint([]string{c.asked, c.asked + "fail", c.asked + "approve"}); fmt.Sprint(a.asked) != want {
			t.Errorf("%s: asked %q, want %q", path, a.asked, want)
		}
	}
}
