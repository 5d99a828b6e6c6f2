package stripesim_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var tags = regexp.MustCompile(`<style>[^<]*</style>|<[^>]*>|\s+`)

// visible is the text of a page.
func visible(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

func (w *world) sees(name, page string, wanted ...string) {
	w.t.Helper()
	for _, want := range wanted {
		if !strings.Contains(visible(page), want) {
			w.t.Errorf("%s: no %q in\n%s", name, want, visible(page))
		}
	}
}

// What a page says of the renewal is what the renewal costs.
func TestCheckoutSaysWhatComesAfterToday(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		price, session string
		wants          []string
	}{
		"monthly":    {"unit_amount=2000&recurring[interval]=month", "", []string{"then $20.00 each month from 1 February 2026", "Subscribe and pay $20.00"}},
		"yearly":     {"unit_amount=120000&recurring[interval]=year", "", []string{"then $1,200.00 each year from 1 January 2027"}},
		"quarterly":  {"unit_amount=4500&recurring[interval]=month&recurring[interval_count]=3", "", []string{"then $45.00 every 3 months from 1 April 2026"}},
		"quantity":   {"unit_amount=500&recurring[interval]=month", "&line_items[0][quantity]=7", []string{"then $35.00 each month", "7 × $5.00"}},
		"trial":      {"unit_amount=2000&recurring[interval]=month", "&subscription_data[trial_period_days]=14", []string{"14 days free, then $20.00 each month from 15 January 2026", "Start trial"}},
		"once":       {"unit_amount=2000&recurring[interval]=month", "&discounts[0][coupon]=ONCE", []string{"Subscribe and pay $10.00", "then $20.00 each month from 1 February 2026"}},
		"for months": {"unit_amount=2000&recurring[interval]=month", "&discounts[0][coupon]=THREE", []string{"then $15.00 each month from 1 February 2026, and $20.00 from 1 April 2026"}},
		"forever":    {"unit_amount=2000&recurring[interval]=month", "&discounts[0][coupon]=EVER", []string{"then $18.00 each month from 1 February 2026."}},
		"yen":        {"currency=jpy&unit_amount=2000&recurring[interval]=month", "", []string{"then ¥2,000 each month"}},
		"dinar":      {"currency=kwd&unit_amount=2500&recurring[interval]=month", "", []string{"then 2.500 KWD each month"}},
		"anchor":     {"unit_amount=3100&recurring[interval]=month", "&subscription_data[billing_cycle_anchor]=1768608000", []string{"then $31.00 each month from 17 January 2026", "Subscribe and pay $16.00"}},
		"metered":    {"unit_amount=5&recurring[interval]=month&recurring[usage_type]=metered", "-", []string{"each month from 1 February 2026, plus what is used"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			w.post("/v1/coupons", "id=ONCE&percent_off=50&duration=once")
			w.post("/v1/coupons", "id=THREE&percent_off=25&duration=repeating&duration_in_months=3")
			w.post("/v1/coupons", "id=EVER&percent_off=10&duration=forever")
			if !strings.Contains(c.price, "currency=") {
				c.price += "&currency=usd"
			}
			price := w.post("/v1/prices", c.price+"&product_data[name]=Pro").str("id")
			extra := c.session
			switch {
			case extra == "-":
				extra = ""
			case !strings.Contains(extra, "quantity"):
				extra += "&line_items[0][quantity]=1"
			}
			before := w.sim.Events()
			cs := w.checkout("mode=subscription&line_items[0][price]=" + price + extra)
			_, page, _ := w.person("GET", "/pay/"+cs.str("id"), nil)
			w.sees(name, page, c.wants...)
			if after := w.sim.Events(); len(after) != len(before) {
				t.Errorf("looking at the page sent events: %v", after)
			}
		})
	}
}

func TestPagesNameTheShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	w.post("/v1/customers/"+cus, "name=<b>Ada</b>&email=ada@example.com")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	invoice := "/invoice/" + sub.str("latest_invoice")
	cs := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")).str("id")
	for name, path := range map[string]string{"checkout": "/pay/" + cs, "portal": w.portal(cus), "invoice": invoice, "missing": "/pay/nothing", "done": "/pay/done"} {
		_, page, _ := w.person("GET", path, nil)
		if !strings.Contains(page, "Demo shop</title>") {
			t.Errorf("%s: no shop in the title", name)
		}
	}
	_, page, _ := w.person("GET", invoice, nil)
	w.sees("invoice", page, "Paid", "From Demo shop", "To <b>Ada</b> ada@example.com", "Paid on 1 January 2026", "visa •••• 4242")
	if !strings.Contains(page, "@media print") {
		t.Error("no print style")
	}
}

func TestDonePageSaysWhatWasBought(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	price := w.post("/v1/prices", "currency=usd&unit_amount=2000&recurring[interval]=month&product_data[name]=Pro").str("id")
	cs := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + price).str("id")
	status, page, _ := w.person("GET", "/pay/done?session_id="+cs, nil)
	w.sees("not paid yet", page, "not been completed")
	if status != 200 {
		t.Errorf("%d", status)
	}
	w.complete(cs, `{"payment_method":"pm_card_visa","email":"b@example.com"}`)
	for _, path := range []string{"/pay/done?session_id=" + cs, "/pay/" + cs} {
		status, page, _ = w.person("GET", path, nil)
		if w.sees(path, page, "Pro", "Paid today $20.00", "Then $20.00 each month from 1 February 2026", "b@example.com"); status != 200 {
			t.Errorf("%d", status)
		}
	}
	if status, page, _ = w.person("GET", "/pay/done", nil); status != 200 || !strings.Contains(visible(page), "All done") {
		t.Errorf("without a session: %d", status)
	}
}

func TestTheCodesErrorStandsAtTheCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	w.post("/v1/coupons", "id=GONE&percent_off=10")
	w.post("/v1/promotion_codes", "coupon=GONE&code=LATE&expires_at=1767229200")
	cs := w.checkout("mode=subscription&allow_promotion_codes=true&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")).str("id")
	w.to(start.Add(2 * time.Hour))
	for _, code := range []string{"NOPE", "LATE"} {
		for _, action := range []string{"preview", "complete"} {
			_, page, _ := w.person("POST", "/pay/"+cs, url.Values{"promotion_code": {code}, "email": {"a@b.c"}, "payment_method": {"pm_card_visa"}, "action": {action}})
			if n := strings.Count(page, `role="alert"`); n != 1 {
				t.Errorf("%s %s: said %d times", code, action, n)
			}
			if !strings.Contains(page, `aria-invalid="true" aria-describedby="code-problem"`) || !strings.Contains(page, `id="code-problem"`) {
				t.Errorf("%s %s: the error is not at the code", code, action)
			}
		}
	}
}

// A card that asks does so on every page that takes a card; failing leaves
// everything as it was.
func TestTheCardAsksForAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	price := w.price("1000", "")
	inv := w.post("/v1/invoices/"+w.subscribe(cus, "collection_method=send_invoice&days_until_due=10&items[0][price]="+price).str("latest_invoice")+"/send", "").str("id")
	pages := map[string]struct {
		path   string
		more   url.Values
		object string
		status string // of the object when it went well
	}{
		"subscription": {"/pay/" + w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]="+price).str("id"), url.Values{"action": {"complete"}, "email": {"a@b.c"}}, "/v1/checkout/sessions/", "complete"},
		"trial":        {"/pay/" + w.checkout("mode=subscription&subscription_data[trial_period_days]=7&line_items[0][quantity]=1&line_items[0][price]="+price).str("id"), url.Values{"action": {"complete"}, "email": {"a@b.c"}}, "/v1/checkout/sessions/", "complete"},
		"setup":        {"/pay/" + w.checkout("mode=setup&payment_method_types[0]=card&customer="+cus).str("id"), url.Values{"action": {"complete"}}, "/v1/checkout/sessions/", "complete"},
		"invoice":      {"/invoice/" + inv, url.Values{}, "/v1/invoices/", "paid"},
		"portal":       {w.portal(cus), url.Values{"action": {"card"}}, "", ""},
	}
	for name, p := range pages {
		form := url.Values{"payment_method": {"pm_card_authenticationRequired"}}
		for k, v := range p.more {
			form[k] = v
		}
		said := func() string {
			if p.object == "" {
				return w.get("/v1/customers/"+cus, "expand[]=invoice_settings.default_payment_method").str("invoice_settings.default_payment_method.card.last4")
			}
			return w.get(p.object+p.path[strings.LastIndex(p.path, "/")+1:], "").str("status")
		}
		before := said()
		status, page, _ := w.person("POST", p.path, form)
		if w.sees(name, page, "Complete authentication", "Fail authentication"); status != 200 || said() != before {
			t.Errorf("%s: not asked: %d %s", name, status, said())
		}
		form.Set("authentication", "fail")
		if status, page, _ = w.person("POST", p.path, form); status != 402 || !strings.Contains(page, "unable to authenticate") || said() != before {
			t.Errorf("%s: failed: %d %s", name, status, said())
		}
		form.Set("authentication", "approve")
		if status, _, _ = w.person("POST", p.path, form); status >= 400 {
			t.Errorf("%s: approved: %d", name, status)
		}
		if got := said(); p.object != "" && got != p.status || p.object == "" && got != "3184" {
			t.Errorf("%s: approved, yet %s", name, got)
		}
	}
}

func TestWrongAddressesOfPagesArePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	for _, path := range []string{"/pay/", "/pay/nothing", "/pay/nothing/more", "/pay/done?session_id=x", "/pay/done?session_id=%7BCHECKOUT_SESSION_ID%7D", "/portal/nothing", "/portal/x/y", "/invoice/nothing"} {
		status, page, _ := w.person("GET", path, nil)
		if status != 404 || !strings.Contains(page, "There is nothing here") {
			t.Errorf("%s: %d %s", path, status, page)
		}
	}
}
