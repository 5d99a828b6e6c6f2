package catalog

import (
	"fmt"
	"slices"
	"strconv"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// The names of fields of a program's form.
const (
	fReward, fWhen, fProducts, fReceived       = "reward", "when", "products", "received_by"
	fTrials, fNewOnly                          = "exclude_trials", "new_customers"
	fSameDevice, fSameInbox, fSameCard, fFraud = "same_fingerprint", "same_email", "same_card", "fraud"
)

var (
	whenNames     = map[string]string{catalog.OnSignUp: "Customer signs up", catalog.OnCheckout: "Customer purchases a product"}
	receiverNames = map[string]string{catalog.ForReferrer: "Referrer only", catalog.ForAll: "Referrer and new customer"}
)

// programSentence says what a referral program does: "When a customer purchases Pro, the referrer and the new customer get
// “Summer”."
func programSentence(c *catalog.Catalog, p catalog.ReferralProgram) string {
	when := "signs up"
	if p.When == catalog.OnCheckout {
		var names []string
		for _, id := range p.ProductIDs {
			names = append(names, nameOf(c, id))
		}
		when = "purchases " + either(names)
	}
	who := "the referrer gets"
	if p.ReceivedBy == catalog.ForAll {
		who = "the referrer and the new customer get"
	}
	return fmt.Sprintf("When a new customer %s, %s “%s”.", when, who, c.Rewards[p.RewardID].Name)
}

// programFields are the fields of a program that may change later, as it is now.
func programFields(c *catalog.Catalog, p catalog.ReferralProgram) []ui.Field {
	var rewards []ui.Option
	for _, r := range sortedRewards(c) {
		rewards = append(rewards, ui.Option{Value: r.ID, Text: r.Name})
	}
	var products []ui.Option
	for _, sold := range c.ListProducts(true) {
		if !sold.Archived || slices.Contains(p.ProductIDs, sold.ID) {
			products = append(products, ui.Option{Value: sold.ID, Text: sold.Name})
		}
	}
	guard := func(name, label string, mode catalog.GuardMode) ui.Field {
		return ui.Field{Kind: ui.Select, Name: name, Label: label, Value: string(mode),
			Options: []ui.Option{{Value: string(catalog.GuardOff), Text: "Off"}, {Value: string(catalog.GuardFlag), Text: "Hold for review"}, {Value: string(catalog.GuardRefuse), Text: "Refuse"}}}
	}
	return []ui.Field{
		{Kind: ui.Select, Name: fReward, Label: "Reward", Value: p.RewardID, Options: told(rewards)},
		{Kind: ui.Radios, Name: fWhen, Label: "When", Value: p.When, Options: options(whenNames, catalog.OnSignUp, catalog.OnCheckout)},
		{Kind: ui.Checkboxes, Name: fProducts, Label: "Products", Values: p.ProductIDs, Options: told(products), When: fWhen + "=" + catalog.OnCheckout, Hint: "Whose purchase counts."},
		{Kind: ui.Decimal, Name: fMax, Label: "Max redemptions", Value: shown(p.MaxRedemptions > 0, strconv.Itoa(p.MaxRedemptions)),
			Hint: "How often one customer can be rewarded for referring others. Blank is no limit."},
		{Kind: ui.Radios, Name: fReceived, Label: "Received by", Value: p.ReceivedBy, Options: options(receiverNames, catalog.ForReferrer, catalog.ForAll)},
		{Kind: ui.Checkbox, Name: fTrials, Label: "Exclude trials", Value: shown(p.ExcludeTrial, "on"), When: fWhen + "=" + catalog.OnCheckout, Hint: "A trial counts once it is paid."},
		{Kind: ui.Checkbox, Name: fNewOnly, Label: "New customers only", Value: shown(p.NewCustomersOnly, "on"), Hint: "Nobody redeems who has paid before."},
		{Kind: ui.Group, Name: fFraud, Label: "Against fraud", Hint: "What happens when both customers have the same. Own codes are always refused.", Fields: []ui.Field{
			guard(fSameDevice, "Same fingerprint", p.Guard.FingerprintMode()),
			guard(fSameInbox, "Same e-mail inbox", p.Guard.EmailMode()),
			guard(fSameCard, "Same card", p.Guard.CardMode()),
		}},
	}
}

// programProblems are the fields that refusals of a program are about.
var programProblems = map[refusal.Reason]string{
	catalog.ReasonProgramText: fID, catalog.ReasonDuplicateProgram: fID, catalog.ReasonIDLikeOurs: fID,
	catalog.ReasonRewardNotFound: fReward, catalog.ReasonProgramRewardRecurs: fReward, catalog.ReasonRewardWithoutPeriods: fReward,
	catalog.ReasonRewardProductNoAddOn: fReward, catalog.ReasonRewardProductNotFound: fReward, catalog.ReasonFreePeriodsOfAnother: fReward,
	catalog.ReasonProgramTrigger: fWhen, catalog.ReasonProgramReceivers: fReceived, catalog.ReasonProgramLimit: fMax,
	catalog.ReasonProgramWithoutProducts: fProducts, catalog.ReasonProgramProductsAtSignUp: fProducts, catalog.ReasonProgramProductTwice: fProducts, catalog.ReasonProgramProductsTooMany: fProducts,
}

// readProgram changes what the form has of a program's terms.
func readProgram(r *web.Request, terms *catalog.EditProgram) error {
	n, err := whole(r, fMax)
	if err != nil {
		return err
	}
	terms.MaxRedemptions = n
	terms.When, terms.ReceivedBy, terms.Reward, terms.ProductIDs = r.Value(fWhen), r.Value(fReceived), r.Value(fReward), r.Form[fProducts]
	exclude := r.Checked(fTrials)
	if terms.ExcludeTrial, terms.NewCustomersOnly = &exclude, r.Checked(fNewOnly); terms.When == catalog.OnSignUp {
		terms.ExcludeTrial = nil // it asks nothing of a purchase
	}
	g := &terms.Guard
	g.SameFingerprint, g.SameEmail, g.SameCard = catalog.GuardMode(r.Value(fSameDevice)), catalog.GuardMode(r.Value(fSameInbox)), catalog.GuardMode(r.Value(fSameCard))
	switch {
	case terms.Reward == "":
		return web.On(fReward, web.Invalid("Create a reward first: a program gives one."))
	case terms.When == catalog.OnCheckout && len(terms.ProductIDs) == 0:
		return web.On(fProducts, web.Invalid("Choose at least one product: without one no purchase ever counts."))
	case terms.When == catalog.OnSignUp && len(terms.ProductIDs) > 0:
		return web.On(fProducts, web.Invalid("Products are for purchases: choose none, or Customer purchases a product."))
	}
	return nil
}

func options(names map[string]string, values ...string) (out []ui.Option) {
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Text: names[v]})
	}
	return out
}

// either joins names: A, B or C.
func either(names []string) string {
	if n := len(names); n > 1 {
		return listed(names[:n-1]) + " or " + names[n-1]
	}
	return listed(names)
}
