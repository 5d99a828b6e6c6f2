package rewards

import (
	"time"

	. "windfall/tests/world"
)

// A bill is one invoice of a customer without a reward.
type bill struct {
	at    time.Time
	total int64
}

// A referralWay is a row of the matrix: what the redeemer does, and when that sets the
// reward off. The code is redeemed a day after T0, and the purchase is made two days
// after it.
type referralWay struct {
	title  string
	terms  JSON   // of the program
	has    string // the redeemer's product, with a card, since T0
	noCard bool
	buys   string
	with   JSON         // terms of the purchase
	later  func(*World) // what happens before the next renewal
	when   string       // the step that sets the reward off
	setOff time.Time    // …
	bills  []bill       // the redeemer's
	holds  float64      // messages, in the end
}

// day is a moment of the story in days after T0.
func day(n int) time.Time { return T0.AddDate(0, 0, n) }

// The steps of every cell, by the names in the table.
const (
	stepRedeemed = "with the code"
	stepBought   = "with the purchase"
	stepLater    = "when it is paid"
	stepRenewal  = "with the first invoice above 0"
	stepNever    = "never"
)

// payLater pays the redeemer's open invoice three days after the purchase.
func payLater(w *World) {
	w.AdvanceTo(day(5))
	payOpen(w)
}

// payOpen pays what the redeemer gets by invoice.
func payOpen(w *World) {
	for _, in := range w.Invoices("r") {
		if in.Status == "open" {
			w.Post("/_local/invoices/"+in.ID+"/pay", nil)
		}
	}
}

// passTrial goes past the end of a trial, and the hour in which its invoice is a draft.
func passTrial(w *World) { w.AdvancePastRenewal(day(9)) }

var (
	proBills   = []bill{{day(2), 2000}, {T1.AddDate(0, 0, 2), 2000}, {T2.AddDate(0, 0, 2), 2000}}
	trialBills = []bill{{day(2), 0}, {day(9), 2000}, {T1.AddDate(0, 0, 9), 2000}, {T2.AddDate(0, 0, 9), 2000}}
)

func listing(products ...string) JSON { return JSON{"when": "checkout", "product_ids": products} }

var referralWays = []referralWay{
	{title: "sign-up; a purchase by card comes later", terms: JSON{"when": "customer_creation"}, buys: "pro",
		setOff: day(1), when: stepRedeemed, bills: proBills, holds: 500},
	{title: "checkout: through a page", terms: listing("pro"), noCard: true, buys: "pro",
		setOff: day(2), when: stepBought, bills: proBills, holds: 500},
	{title: "checkout: by card", terms: listing("pro"), buys: "pro",
		setOff: day(2), when: stepBought, bills: proBills, holds: 500},
	{title: "checkout: by invoice, paid after 3 days", terms: listing("pro"), buys: "pro", with: JSON{"invoice": true}, later: payLater,
		setOff: day(5), when: stepLater, bills: proBills, holds: 500},
	{title: "checkout: a trial whose end is paid", terms: listing("pro_trial"), buys: "pro_trial", later: passTrial,
		setOff: day(9).Add(time.Hour), when: stepLater, bills: trialBills, holds: 500},
	{title: "checkout: a trial, with `exclude_trial: false`", terms: Merge(listing("pro_trial"), JSON{"exclude_trial": false}), buys: "pro_trial", later: passTrial,
		setOff: day(2), when: stepBought, bills: trialBills, holds: 500},
	{title: "checkout: an upgrade to the listed product", terms: listing("premium"), has: "pro", buys: "premium",
		setOff: day(2), when: stepBought, bills: []bill{{T0, 2000}, {day(2), 2800}, {T1, 5000}, {T2, 5000}}, holds: 1000},
	{title: "checkout: a product that is not listed", terms: listing("pro"), buys: "premium",
		when: stepNever, bills: []bill{{day(2), 5000}, {T1.AddDate(0, 0, 2), 5000}, {T2.AddDate(0, 0, 2), 5000}}, holds: 1000},
	{title: "checkout: a first invoice of 0, by a code", terms: listing("pro"), buys: "pro", with: JSON{"promo_code": "FREE"},
		setOff: T1.AddDate(0, 0, 2).Add(time.Hour), when: stepRenewal, bills: []bill{{day(2), 0}, {T1.AddDate(0, 0, 2), 2000}, {T2.AddDate(0, 0, 2), 2000}}, holds: 500},
}

// referrerBills are those of the referrer, who has pro since T0.
var referrerBills = []bill{{T0, 2000}, {T1, 2000}, {T2, 2000}}

// A referralReward is a column of the matrix. lowers is what it takes off an invoice, if
// it runs by then; nth counts the invoices that it could lower, from 0.
type referralReward struct {
	title, id string
	terms     JSON
	worth     float64 // in the statistics of the program, for one side
	lowers    func(b bill, nth int, since time.Time) int64
	adds      float64 // messages
}

func discount(value float64, duration string, months int) JSON {
	return JSON{"discount_config": JSON{"discount_value": value, "duration_type": duration, "duration_value": months, "apply_to_all": true}}
}

func offTheNext(share func(bill) int64) func(bill, int, time.Time) int64 {
	return func(b bill, nth int, _ time.Time) int64 {
		if nth > 0 {
			return 0
		}
		return share(b)
	}
}

func fifth(b bill) int64 { return b.total / 5 }

var referralRewards = []referralReward{
	{title: "20 % once", id: "percent_once", terms: Merge(JSON{"type": "percentage_discount"}, discount(20, "one_off", 0)), lowers: offTheNext(fifth)},
	{title: "20 % for 1 month", id: "percent_month", terms: Merge(JSON{"type": "percentage_discount"}, discount(20, "months", 1)),
		lowers: func(b bill, _ int, since time.Time) int64 {
			if !b.at.Before(since.AddDate(0, 1, 0)) {
				return 0
			}
			return fifth(b)
		}},
	{title: "4.00 once", id: "amount", terms: Merge(JSON{"type": "fixed_discount"}, discount(4, "one_off", 0)), worth: 4,
		lowers: offTheNext(func(bill) int64 { return 400 })},
	{title: "30.00 of credits", id: "credits", terms: Merge(JSON{"type": "invoice_credits"}, discount(30, "one_off", 0)), worth: 30},
	{title: "add-on", id: "addon", terms: JSON{"type": "free_product", "free_product_id": "bonus"}, adds: 100},
	{title: "add-on, else 100.00 once", id: "pack", terms: JSON{"type": "free_product", "free_product_id": "pack"}, worth: 100, adds: 100},
	{title: "a month of `pro`", id: "month", worth: 20,
		terms:  JSON{"type": "free_product", "free_product_id": "pro", "free_product_config": JSON{"duration_type": "months", "duration_value": 1}},
		lowers: offTheNext(func(bill) int64 { return 2000 })},
}

// owes is what a side with the reward is billed, what it is to pay of that, and what is
// left of credits; since is when the reward came. It says so from the terms alone.
func (r referralReward) owes(bills []bill, since time.Time) (totals []int64, due []float64, rest float64) {
	nth, credits := 0, int64(0)
	if r.id == "credits" {
		credits = 3000
	}
	for _, b := range bills {
		total, paid := b.total, int64(0)
		if b.at.After(since) && total > 0 {
			if r.lowers != nil {
				total -= r.lowers(b, nth, since)
			}
			nth++
			paid = min(credits, total)
			credits -= paid
		}
		totals, due = append(totals, total), append(due, float64(total-paid)/100)
	}
	return totals, due, float64(credits) / 100
}

// noReward is what a side has that gets nothing.
var noReward = referralReward{}
