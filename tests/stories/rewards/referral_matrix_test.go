package rewards

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A referralOutcome is what one cell came to.
type referralOutcome struct {
	when     string // the step that set the reward off
	status   string // of the whole, in the end
	referrer string
	redeemer string
}

// Every reward by every way to set it off, for the referrer and for both: the page has
// the table, and this is what happens. A cell of the table is two cells of the matrix:
// where the reward is for the referrer alone, the referrer gets the same, and the redeemer
// what the last column says.
func TestTheMatrixOfReferrals(t *testing.T) {
	t.Parallel()
	out := make([][][2]referralOutcome, len(referralWays))
	t.Run("cells", func(t *testing.T) {
		for i, way := range referralWays {
			out[i] = make([][2]referralOutcome, len(referralRewards))
			for j, reward := range referralRewards {
				for k, receivers := range []string{"referrer", "all"} {
					t.Run(fmt.Sprintf("%s, %s, %s", way.title, reward.title, receivers), func(t *testing.T) {
						t.Parallel()
						out[i][j][k] = referralCell(t, way, reward, receivers == "all")
					})
				}
			}
		}
	})
	if t.Failed() {
		return // the table would be of what is wrong
	}
	var text strings.Builder
	text.WriteString("| the redeemer | set off | in the end |")
	for _, r := range referralRewards {
		text.WriteString(" " + r.title + " |")
	}
	text.WriteString(" redeemer, if the program is for referrers alone |\n|---|---|---" + strings.Repeat("|---", len(referralRewards)) + "|---|\n")
	for i, way := range referralWays {
		first := out[i][0][0]
		line := []string{way.title, first.when, "`" + first.status + "`"}
		for _, cell := range out[i] {
			alone, both := cell[0], cell[1]
			for _, o := range cell {
				if o.when != first.when || o.status != first.status {
					t.Errorf("%s: set off %s, and is %s; another reward %s, %s", way.title, o.when, o.status, first.when, first.status)
				}
			}
			if alone.referrer != both.referrer {
				t.Errorf("%s: the referrer has %s, and where it is for both %s", way.title, alone.referrer, both.referrer)
			}
			line = append(line, both.referrer+" / "+both.redeemer)
		}
		text.WriteString("| " + strings.Join(append(line, first.redeemer), " | ") + " |\n")
	}
	inPage(t, "referrals", "matrix", text.String())
}

func referralCell(t *testing.T, way referralWay, reward referralReward, forBoth bool) (out referralOutcome) {
	w := New(t)
	w.StandardCatalog()
	if strings.HasSuffix(way.buys, "_trial") {
		w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	}
	if reward.id == "pack" {
		w.Product("pack", "", OneTimePrice(100), Lifetime("messages", 100)).AddOn()
	}
	if way.with["promo_code"] != nil {
		w.Post("/v1/rewards", Merge(JSON{"id": "free", "name": "free", "type": "percentage_discount"}, discount(100, "one_off", 0), code("FREE")))
	}
	w.Post("/v1/rewards", Merge(JSON{"id": reward.id, "name": reward.id}, reward.terms))
	receivers := map[bool]string{false: "referrer", true: "all"}[forBoth]
	w.Post("/v1/reward_programs", Merge(JSON{"id": "P", "reward_id": reward.id, "received_by": receivers}, way.terms))
	w.CustomerWithCard("R", "pro")
	w.Post("/v1/customers", JSON{"id": "r"})
	if !way.noCard {
		w.PutGoodCard("r")
	}
	if way.has != "" {
		w.Attach("r", way.has)
	}
	text := referralCode(w, "R", "P")

	w.AdvanceTo(day(1))
	c := &referralStory{World: w, forBoth: forBoth, credits: reward.id == "credits", done: redeem(w, text, "r"), when: stepNever}
	c.step(stepRedeemed)
	w.AdvanceTo(day(2))
	given := reward.id == "month" && forBoth && way.when == stepRedeemed // the product itself, which nobody buys again
	if !given {
		w.Buy("r", way.buys, way.with)
	}
	c.step(stepBought)
	if way.later != nil {
		way.later(w)
	}
	c.step(stepLater)
	w.AdvancePastRenewal(T1.AddDate(0, 0, 2))
	c.step(stepRenewal)
	payOpen(w)
	w.AdvancePastRenewal(T2.AddDate(0, 0, 9))
	c.step(stepRenewal)

	w.Want("set off", c.when, way.when)
	out.when, out.status = c.when, fmt.Sprint(c.status[0])
	ofReferrer, ofRedeemer := reward, reward
	if way.when == stepNever {
		ofReferrer = noReward
	}
	if way.when == stepNever || !forBoth {
		ofRedeemer = noReward
	}
	out.referrer = c.side("R", ofReferrer, way.setOff, referrerBills, "pro", 500)
	if given { // the gift has the first invoice itself
		way.setOff, way.bills = day(1).Add(-1), []bill{{day(1), 2000}, {T1.AddDate(0, 0, 1), 2000}, {T2.AddDate(0, 0, 1), 2000}}
	}
	out.redeemer = c.side("r", ofRedeemer, way.setOff, way.bills, way.buys, way.holds)
	c.counted(reward)
	return out
}

// A referralStory is one cell as it goes on.
type referralStory struct {
	*World
	forBoth bool
	credits bool // the reward is credits: what is to pay may be less than what is billed
	done    JSON
	when    string
	status  []any // of the whole, the referrer's side and the redeemer's
}

// step looks at the redemption after a step: it waits as a whole, or each side that is to
// have the reward has it, and the three marks of old clients say the same.
func (c *referralStory) step(name string) {
	c.Helper()
	before, now := c.status, c.Get("/v1/redemptions/"+fmt.Sprint(c.done["id"]))
	c.status = []any{now["status"], now["referrer_status"], now["redeemer_status"]}
	if c.when == stepNever && c.status[0] != "pending" {
		c.when = name
	}
	want := []any{c.status[0], c.status[0], nil}
	if c.forBoth {
		want[2] = c.status[0]
	}
	c.Want("both sides, "+name, c.status, want)
	if c.status[0] != "pending" && c.status[0] != "applied" || len(before) > 0 && before[0] == "applied" && c.status[0] != "applied" {
		c.Errorf("%s it is %v, and before that %v", name, c.status, before)
	}
	given := c.status[0] == "applied"
	c.Want("the marks", []any{now["triggered"], now["applied"], now["redeemer_applied"]}, []any{given, given, given && c.forBoth})
}

// side checks all that a customer has in the end, and says it in a few words: what there
// was to pay, invoice by invoice, or what there is beside that.
func (c *referralStory) side(id string, reward referralReward, since time.Time, bills []bill, product string, messages float64) string {
	c.Helper()
	totals, owed, rest := reward.owes(bills, since)
	c.Billed(id, totals...)
	if c.credits {
		c.Want("due of "+id, due(c.World, id), owed)
		c.Want("credits left of "+id, left(c.World, id), rest)
	}
	products := []string{product + " active"}
	if reward.adds > 0 {
		products = append(products, fmt.Sprint(reward.terms["free_product_id"], " active"))
	}
	c.HasProducts(id, products...)
	c.HasBalance(id, "messages", true, messages+reward.adds)
	rewards := ValueAt(c.Customer(id, "rewards"), "rewards").(JSON)
	c.Want("discounts of "+id, rewards["discounts"], []any{})
	if grants := rewards["credits"].([]any); len(grants) > 0 != (reward.id == "credits") {
		c.Errorf("%s has the credits %v", id, grants)
	}
	if reward.adds > 0 {
		return fmt.Sprintf("+%g", reward.adds)
	}
	var words []string
	for _, amount := range owed {
		words = append(words, fmt.Sprintf("%g", amount))
	}
	if rest > 0 {
		words = append(words, fmt.Sprintf("%g left", rest))
	}
	return strings.Join(words, ", ")
}

// counted checks the statistics of the program.
func (c *referralStory) counted(reward referralReward) {
	c.Helper()
	given, sides := 0, 0
	if c.status[0] == "applied" {
		given, sides = 1, 1
		if c.forBoth {
			sides = 2
		}
	}
	c.Want("statistics", c.Get("/v1/reward_programs/P")["stats"], JSON{"codes": 1, "redemptions": 1, "held": 0, "triggered": given, "applied": given,
		"refused": 0, "reversed": 0, "value": reward.worth * float64(sides)})
}
