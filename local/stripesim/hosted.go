package stripesim

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// frame is what every page of this account has.
func (s *Sim) frame(title string) pages.Frame {
	return pages.Frame{Title: title, Shop: s.shop, Home: s.home}
}

func htmlAnswer(status int, body []byte) answer {
	return answer{status: status, body: body, header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"}, "Referrer-Policy": {"no-referrer"},
		"Content-Security-Policy": {pages.Policy}, "X-Content-Type-Options": {"nosniff"},
	}}
}

func (s *Sim) page404() answer {
	return htmlAnswer(http.StatusNotFound, pages.Render(pages.Missing{Frame: s.frame("Not found")}))
}

// noPage answers an address under the pages that has none: people who look get
// a page, programs Stripe's error.
func (s *Sim) noPage(r *http.Request) answer {
	if r.Method == http.MethodGet {
		return s.page404()
	}
	return errorAnswer(unknownURL(r))
}

// minor writes an amount of minor units for people.
func minor(n int64, currency string) string { return Price(strconv.FormatInt(n, 10), currency) }

// Price writes a decimal of minor units as all pages do: $1,234.50.
func Price(minor, currency string) string { return grouped(money(object.Decimal(minor), currency)) }

// grouped puts commas between the thousands of an amount.
func grouped(amount string) string {
	end := strings.IndexAny(amount, ".") // a fraction has no groups
	if end < 0 {
		end = strings.LastIndexAny(amount, "0123456789") + 1
	}
	start := strings.IndexAny(amount, "0123456789")
	for at := end - 3; at > start; at -= 3 {
		amount = amount[:at] + "," + amount[at:]
	}
	return amount
}

// longDay is a date on a page.
func longDay(at int64) string { return pages.Day(time.Unix(at, 0)) }
