package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"

	"windfall/local/stack"
)

//go:embed history.json
var offers []byte

const (
	HistoryDays      = 90 // until now
	historyCustomers = 200
	historySeed      = 7 // the same history each time
)

// A history is a company's first three months, lived through the API and the local clock.
type history struct {
	ctx       context.Context
	stack     *stack.Stack
	say       io.Writer
	chance    *rand.Rand
	customers []string // by their ids, in the order in which they came
	paying    []string
	codes     []string // referral codes of the program friends
}

// History gives an empty stack, which has the products of Fill, 200 customers with three months behind them: purchases,
// renewals, use, rewards, referrals, a refund, payments that failed, redemptions that are held. All of it by calls of the API and of the
// local stack, with the clock moved from day to day. A stack that has customers stays as it is.
func History(ctx context.Context, s *stack.Stack, say io.Writer) error {
	h := &history{ctx: ctx, stack: s, say: say, chance: rand.New(rand.NewPCG(historySeed, historySeed))}
	var list struct{ List []json.RawMessage }
	if err := h.call(http.MethodGet, "/v1/customers?limit=1", nil, &list); err != nil || len(list.List) > 0 {
		return err
	}
	var calls []call
	if err := json.Unmarshal(offers, &calls); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	for _, c := range calls {
		if err := h.call(http.MethodPost, c.Post, c.Body, nil); err != nil {
			return err
		}
	}
	for day := range HistoryDays {
		if err := h.day(day); err != nil {
			return fmt.Errorf("day %d: %w", day+1, err)
		}
		if (day+1)%30 == 0 {
			_, _ = fmt.Fprintf(say, "  %d customers after %d days\n", len(h.customers), day+1) // a closed terminal needs no news
		}
	}
	return h.suspects()
}

// day is what happens on one day: newcomers, use, a change of mind; then the night.
func (h *history) day(n int) error {
	for len(h.customers) < (n+1)*historyCustomers/HistoryDays {
		if err := h.newcomer(); err != nil {
			return err
		}
	}
	for range 6 {
		if err := h.use(h.one(h.customers)); err != nil {
			return err
		}
	}
	if err := h.turns(n); err != nil {
		return err
	}
	return h.call(http.MethodPost, "/_local/clock", body{"advance": "1 day"}, nil)
}

type body map[string]any

// newcomer comes, perhaps by a friend, and perhaps buys.
func (h *history) newcomer() error {
	id, name := h.name()
	if err := h.call(http.MethodPost, "/v1/customers", body{"id": id, "name": name, "email": strings.ReplaceAll(id, "-", ".") + "@example.com"}, nil); err != nil {
		return err
	}
	h.customers = append(h.customers, id)
	if len(h.codes) > 0 && h.chance.IntN(4) == 0 {
		err := h.may("/v1/referrals/redeem", body{"code": h.one(h.codes), "customer_id": id})
		if err != nil {
			return err
		}
	}
	if h.chance.IntN(10) >= 6 {
		return nil // the free plan will do
	}
	return h.buy(id)
}

func (h *history) buy(id string) error {
	if err := h.call(http.MethodPost, "/_local/customers/"+id+"/payment_method", body{"payment_method": "pm_card_visa"}, nil); err != nil {
		return err
	}
	purchase := body{"customer_id": id, "product_id": "pro"}
	if h.chance.IntN(4) == 0 {
		purchase["product_id"] = "premium"
	}
	switch h.chance.IntN(8) {
	case 0:
		purchase["promo_code"] = "SPRING20"
	case 1:
		purchase["promo_code"] = "THANKS10"
	}
	if err := h.may("/v1/attach", purchase); err != nil {
		return err
	}
	h.paying = append(h.paying, id)
	if h.chance.IntN(3) > 0 {
		return nil
	}
	var code struct{ Code string }
	err := h.call(http.MethodPost, "/v1/referrals/code", body{"customer_id": id, "program_id": "friends"}, &code)
	h.codes = append(h.codes, code.Code)
	return err
}

func (h *history) use(id string) error {
	return h.call(http.MethodPost, "/v1/track", body{"customer_id": id, "feature_id": "messages", "value": 1 + h.chance.IntN(40)}, nil)
}

// turns are the changes of mind and the bad luck of a day.
func (h *history) turns(n int) error {
	if len(h.paying) < 3 {
		return nil
	}
	id := h.one(h.paying)
	switch n % 9 {
	case 2:
		return h.may("/v1/attach", body{"customer_id": id, "product_id": "premium"})
	case 4:
		return h.may("/v1/cancel", body{"customer_id": id, "product_id": "pro"})
	case 6:
		return h.may("/v1/attach", body{"customer_id": id, "product_id": "topup", "options": []body{{"feature_id": "messages", "quantity": 250}}})
	case 8:
		if n < 30 {
			return h.refund(id)
		}
		return h.call(http.MethodPost, "/_local/customers/"+id+"/payment_method", body{"payment_method": "pm_card_chargeCustomerFail"}, nil)
	}
	return nil
}

// refund gives the latest payment of a customer back, as staff does at Stripe.
func (h *history) refund(id string) error {
	var invoices []struct{ ID, Status string }
	if err := h.call(http.MethodGet, "/_local/customers/"+id+"/invoices", nil, &invoices); err != nil {
		return err
	}
	for _, in := range invoices {
		if in.Status == "paid" {
			return h.may("/_local/invoices/"+in.ID+"/refund", body{})
		}
	}
	return nil
}

// suspects redeem with the mailbox of the one whose code it is: a person has to look at it.
func (h *history) suspects() error {
	if err := h.call(http.MethodPost, "/v1/customers", body{"id": "sly", "name": "Sly Reynolds", "email": "sly@example.com"}, nil); err != nil {
		return err
	}
	var code struct{ Code string }
	if err := h.call(http.MethodPost, "/v1/referrals/code", body{"customer_id": "sly", "program_id": "signup"}, &code); err != nil {
		return err
	}
	for _, tag := range []string{"one", "two"} {
		id := "sly-" + tag
		if err := h.call(http.MethodPost, "/v1/customers", body{"id": id, "name": "Sly " + tag, "email": "sly+" + tag + "@example.com"}, nil); err != nil {
			return err
		}
		if err := h.call(http.MethodPost, "/v1/referrals/redeem", body{"code": code.Code, "customer_id": id}, nil); err != nil {
			return err
		}
	}
	return nil
}

var firstNames = strings.Fields("Ada Alan Annie Barbara Betty Carol Claude Donald Dorothy Edith Edsger Evelyn Frances Grace Hedy Ida Jean Joan John Karen Katherine Kathleen Ken Leslie Linus Lynn Margaret Mary Maurice Niklaus Radia Ruth Shafi Sophie Tim Tony Vint Wendy Whitfield Yukihiro")

var lastNames = strings.Fields("Abbot Berg Castro Diaz Eklund Fischer Garcia Haas Ivanov Jensen Kim Lopez Moreau Novak Okafor Patel Quist Rossi Sato Turner")

// name is the next of as many names as there are customers.
func (h *history) name() (id, name string) {
	n := len(h.customers)
	first, last := firstNames[n%len(firstNames)], lastNames[(n/len(firstNames)+n)%len(lastNames)]
	return strings.ToLower(first + "-" + last), first + " " + last
}

func (h *history) one(of []string) string { return of[h.chance.IntN(len(of))] }

// may makes a call that the rules may refuse: life goes on.
func (h *history) may(path string, in body) error {
	err := h.call(http.MethodPost, path, in, nil)
	var r *refused
	if errors.As(err, &r) && r.status < http.StatusInternalServerError {
		return nil
	}
	return err
}

// A refused call was answered by an error.
type refused struct {
	status     int
	path, text string
}

func (r *refused) Error() string { return fmt.Sprintf("%s: %d %s", r.path, r.status, r.text) }

func (h *history) call(method, path string, in, out any) error {
	var sent []byte
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		sent = text
	}
	status, text, err := h.stack.Call(h.ctx, method, path, sent)
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return &refused{status, path, string(text)}
	case out == nil:
		return nil
	}
	return json.Unmarshal(text, out)
}
