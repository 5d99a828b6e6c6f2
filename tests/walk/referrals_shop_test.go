package walk

import (
	"fmt"
	"time"

	"windfall/tests/world"
)

// A person is one life of a customer: one who is deleted and made again is another.
type person struct {
	id, internal       string
	device, mailbox    string
	email, card        string
	gone, bought, used bool
	brought            []*person // who brought them
}

// A program is one life of a referral program.
type program struct {
	id, internal, reward string
	checkout, all, isNew bool
	trial                bool // the start of a trial is a purchase
	max, hold            int
	email, ring, card    string // modes
	velocity, days       int
	mode                 string
	gone                 bool
	codes                int
}

// A ticket is a person's code in a program.
type ticket struct {
	text  string
	of    *program
	owner *person
	times []time.Time // of its redemptions
	taken int         // places of its limit
}

// An entry is a redemption as the rules have it.
type entry struct {
	id        string
	code      *ticket
	redeemer  *person
	at, until time.Time
	status    string // pending, held, given, refused, reversed, closed
	said      string // by a person
	flags     []string
	invoice   string   // of the purchase that set it off
	sub       string   // the subscription of the trial that did
	tried     []string // its products
	shown     string   // the status of the last look
	everGiven bool
	everHad   bool // as a whole
}

// A referralWalker takes the steps of one walk.
type referralWalker struct {
	w        *world.World
	taken    map[string]int
	story    []string
	people   []*person // of each slot the last life
	everyone []*person
	programs []*program // likewise
	ever     []*program
	tickets  []*ticket
	entries  []*entry
	trials   map[string]string // of a product and a person or a device: the row that had it
}

// setsOff are the products whose purchase sets off what waits for one.
var setsOff = []string{"team", "tryout"}

const (
	referralPeople   = 8
	referralPrograms = 5
)

func newReferralWalker(w *world.World, taken map[string]int) *referralWalker {
	if err := w.Stack.Reset(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("free", "main", world.Messages(100)).Default()
	w.Product("starter", "main", world.Price(20), world.Messages(500))
	w.Product("team", "main", world.Price(50), world.Messages(1000))
	w.Product("tryout", "try", world.Price(15), world.Messages(10)).Trial(7, world.JSON{"unique_fingerprint": true})
	w.Product("glance", "glance", world.Price(13), world.Messages(10)).Trial(7)
	w.Product("bonus", "", world.Lifetime("messages", 100)).AddOn()
	w.Product("extra", "", world.Lifetime("words", 50)).AddOn()
	reward := func(id, kind string, more world.JSON) {
		w.Post("/v1/rewards", world.Merge(world.JSON{"id": id, "name": id, "type": kind}, more))
	}
	discount := func(value float64, duration string, months int) world.JSON {
		return world.JSON{"discount_config": world.JSON{"discount_value": value, "duration_type": duration, "duration_value": months, "apply_to_all": true}}
	}
	reward("once", "percentage_discount", discount(10, "one_off", 0))
	reward("months", "fixed_discount", discount(3, "months", 2))
	reward("cash", "invoice_credits", discount(7, "one_off", 0))
	reward("bonus", "free_product", world.JSON{"free_product_id": "bonus"})
	reward("extra", "free_product", world.JSON{"free_product_id": "extra"})
	k := &referralWalker{w: w, taken: taken, trials: map[string]string{},
		people: make([]*person, referralPeople), programs: make([]*program, referralPrograms)}
	for slot := range k.people {
		k.make(slot)
	}
	return k
}

// make makes the customer of a slot: two have one device, two one mailbox, and some none.
func (k *referralWalker) make(slot int) {
	p := &person{id: fmt.Sprintf("c%d", slot), card: []string{"pm_card_visa", "pm_card_mastercard", "pm_card_amex"}[slot%3]}
	p.device = []string{"d0", "d0", "", "d3", "", "d5", "d5", ""}[slot]
	p.email = []string{"", "ann@x.io", "", "Joe+a@x.io", "joe@x.io", "", "f@x.io", "g@x.io"}[slot]
	p.mailbox = []string{"", "ann@x.io", "", "joe@x.io", "joe@x.io", "", "f@x.io", "g@x.io"}[slot]
	body := world.JSON{"id": p.id}
	if p.device != "" {
		body["fingerprint"] = p.device
	}
	if p.email != "" {
		body["email"] = p.email
	}
	k.w.Post("/v1/customers", body)
	k.w.PutCard(p.id, p.card)
	s, _, err := k.w.Stack.Customer(k.w.Context(), p.id)
	if err != nil {
		k.w.Fatal(err)
	}
	p.internal = s.Customer.InternalID
	k.people[slot], k.everyone = p, append(k.everyone, p)
	k.note("%s is made: device %q, e-mail %q, %s", p.id, p.device, p.email, p.card)
}

func (k *referralWalker) now() time.Time { return k.w.Stack.Sim.Now() }

// offerProgram makes the program of a slot, with terms by two numbers.
func (k *referralWalker) offerProgram(slot, what, much int) {
	p := &program{id: fmt.Sprintf("P%d", slot), reward: []string{"once", "months", "cash", "bonus", "bonus", "extra"}[what%6],
		checkout: what/6%2 == 0, all: what/12%2 == 0, max: []int{0, 1, 2, 3}[what/24%4], hold: []int{0, 0, 5}[what/96%3], isNew: what/288%5 == 0, trial: what/1440%3 == 0,
		email: []string{"refuse", "off", "flag"}[much%3], ring: []string{"flag", "refuse", "off", "flag"}[much/3%4],
		card: []string{"off", "off", "flag", "refuse"}[much/12%4], velocity: []int{0, 0, 1, 2}[much/48%4], days: 3, mode: []string{"flag", "refuse"}[much/192%2]}
	body := world.JSON{"id": p.id, "when": "customer_creation", "reward_id": p.reward, "received_by": "referrer", "hold_days": p.hold, "new_customers_only": p.isNew}
	guard := world.JSON{"same_email": p.email, "ring": p.ring, "same_card": p.card}
	if p.velocity > 0 {
		guard["velocity"] = world.JSON{"count": p.velocity, "days": p.days, "mode": p.mode}
	}
	body["guard"] = guard
	if p.checkout {
		body["when"], body["product_ids"], body["exclude_trial"] = "checkout", setsOff, !p.trial
	}
	if p.all {
		body["received_by"] = "all"
	}
	if p.max > 0 {
		body["max_redemptions"] = p.max
	}
	p.internal = fmt.Sprint(k.w.Post("/v1/reward_programs", body)["internal_id"])
	k.programs[slot], k.ever = p, append(k.ever, p)
	k.note("program %s: %v", p.id, body)
}
