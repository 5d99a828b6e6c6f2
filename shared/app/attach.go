package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// An AttachCommand asks for products to be given to a customer.
type AttachCommand struct {
	CustomerID string
	Data       billing.CustomerData
	EntityID   string // to which they are attached; "" is the customer
	EntityData EntityData
	ProductIDs []string
	Version    int             // of the product; 0 is the latest, and of an update the customer's
	Versions   []int           // of each product, instead of Version
	Target     *billing.Target // what is updated, instead of ProductIDs; nil attaches
	Rewards    []string        // ids of rewards, or texts of codes
	RewardIDs  []string        // ids alone
	Codes      []string        // texts of promotion codes
	Currency   money.Currency  // in which the customer pays from now on; "" leaves it to them, or to the environment
	Terms      billing.Attach  // all but Products, OperationID and the reward, which Attach finds

	use   *reward.Use // of Rewards and Codes, once it is judged
	after string      // the fingerprint of the command that it follows in a schedule
}

// Attach gives products to a customer, who is created when unknown. A repeated
// or interrupted call never charges twice.
func (a *App) Attach(ctx context.Context, caller Caller, cmd AttachCommand) (Outcome, error) {
	w, err := a.begin(ctx, caller)
	if err == nil {
		err = cmd.choose(w.catalog)
	}
	if err == nil {
		err = w.admitPage(ctx, cmd)
	}
	if err != nil {
		return Outcome{}, err
	}
	would := func() error { _, err := w.preview(ctx, cmd); return err }
	return withEntity(ctx, w, cmd.CustomerID, cmd.Data, cmd.EntityID, cmd.EntityData, would, func() (Outcome, error) {
		return w.run(ctx, moneyCommand{keyed: true, of: cmd.CustomerID, fingerprint: cmd.fingerprint(), load: cmd.load, decide: cmd.decide})
	})
}

func (cmd AttachCommand) load(ctx context.Context, w *work) (found bool, err error) {
	if w.state, err = w.buyer(ctx, cmd); err == nil {
		err = w.loadEntity(ctx, cmd.EntityID)
	}
	return true, err
}

// decide is the part of an attach that is its own. A page that is open already
// is answered again while it sells the same.
func (cmd AttachCommand) decide(ctx context.Context, w *work) (step, error) {
	cmd.Terms.OperationID, cmd.Terms.Entity = w.operationID(w.caller), w.entity
	asked, again := cmd.fingerprint(), false
	if open := w.state.Operation(cmd.Terms.OperationID); open != nil {
		return reopened(w.state.Customer, *open, asked) // it opened a page, and the answer was lost
	}
	if w.caller.RequestKey == "" {
		again = w.state.Of(w.entity).Repeats(asked, cmd.ProductIDs, w.caller.Now)
		cmd.Terms.Repeats = again
	}
	state, open, decision, err := cmd.plan(ctx, w)
	if err != nil {
		return step{}, err
	}
	for _, page := range open {
		if page.Fingerprint == asked && page.Decision.SameOffer(decision) && (decision.Page || w.caller.RequestKey == "" && page.RefusedJustNow(w.caller.Now)) {
			return answered(w.state.Customer, page), nil // the same page is open already
		}
		if w.caller.Publishable && !page.Publishable {
			return step{}, errPageOpen
		}
	}
	op := billing.Operation{ID: cmd.Terms.OperationID, Command: "attach", Fingerprint: asked, Actor: w.caller.Actor, Publishable: w.caller.Publishable,
		Slots: cmd.Terms.Slots(), Decision: decision, CreatedAt: w.caller.Now, Notes: cmd.Terms.Metadata}
	if cmd.Target != nil {
		op.Command = "update"
		if decision.Nothing() {
			return answered(w.state.Customer, op), nil // it is as was asked for
		}
	}
	if again && cmd.Target == nil && !w.caller.Publishable && decision.OnceMore() {
		return step{}, refusal.Conflict(billing.ReasonBoughtJustNow)
	}
	counts, err := w.counting(ctx, cmd.use, &decision, open)
	if err != nil {
		return step{}, err
	}
	w.state = state.State
	op.Decision = decision
	s := carryOut(op)
	s.counts = append(counts, w.reserveCredits(cmd.Terms.OperationID, decision)...)
	return s, nil
}

// plan is what an attach comes to for the customer as they are at Stripe now. A
// preview is this and no more, so that both refuse the same.
func (cmd *AttachCommand) plan(ctx context.Context, w *work) (state billing.AttachState, open []billing.Operation, d billing.Decision, err error) {
	named := len(cmd.Rewards)+len(cmd.RewardIDs)+len(cmd.Codes) > 0
	for _, asked := range []money.Currency{cmd.Data.Currency, cmd.Currency} {
		if w.state, err = w.state.Choose(w.catalog, asked); err != nil {
			return state, nil, d, err
		}
	}
	if named {
		if err = mayTry(w.state, w.caller.Now); err != nil {
			return state, nil, d, err
		}
	}
	if err = w.syncSubscriptions(ctx); err != nil {
		return state, nil, d, err
	}
	if cmd.Target != nil {
		if cmd.Terms, err = cmd.Terms.Updating(w.state.Of(w.entity), w.catalog, *cmd.Target, cmd.Version); err != nil {
			return state, nil, d, err
		}
	}
	if state, open, err = cmd.customize(ctx, w); err != nil {
		return state, nil, d, err
	}
	if state.Customer.StripeID != w.state.Customer.StripeID { // what was billed with the lost customer has ended
		if err = w.syncAll(ctx); err != nil {
			return state, nil, d, err
		}
	}
	if named {
		w.waiting = &waiting{}
	}
	bare := *w
	bare.shows = w.shows && !named // a code is judged by what attach knows
	if d, err = bare.decideAttach(ctx, state, cmd.Terms); err != nil || !named || cmd.Terms.Repeats && d.Nothing() {
		return state, open, d, err
	}
	use, err := w.judge(ctx, *cmd, state, open, d)
	if err != nil {
		return state, open, d, err
	}
	cmd.use, cmd.Terms.Reward, cmd.Terms.Code = &use, use.Reward, use.Code
	d, err = w.decideAttach(ctx, state, cmd.Terms)
	return state, open, d, err
}

// customize gathers what the rule needs, in the customer's currency. That Stripe bills
// them in another one than was known here is read with their card: then it begins anew,
// in that one.
func (cmd *AttachCommand) customize(ctx context.Context, w *work) (state billing.AttachState, open []billing.Operation, err error) {
	asked := cmd.Terms
	if cmd.Terms, err = asked.Customize(w.state, w.catalog); err != nil {
		return state, nil, err
	}
	state, open, err = w.attachState(ctx, *cmd)
	if err != nil || state.Chosen == w.state.Chosen {
		return state, open, err
	}
	w.state.Chosen, cmd.Terms = state.Chosen, asked
	return cmd.customize(ctx, w)
}

// choose finds the products.
func (cmd *AttachCommand) choose(cat *catalog.Catalog) error {
	if err := cmp.Or(billing.CheckCustomerID(cmd.CustomerID), checkEntity(cmd.EntityID)); err != nil {
		return err
	}
	if err := cmd.Data.Check(); err != nil {
		return err
	}
	if err := cmd.Terms.CheckLimits(len(cmd.ProductIDs)); err != nil {
		return err
	}
	for n, id := range cmd.ProductIDs {
		version := cmd.Version
		if n < len(cmd.Versions) {
			version = cmd.Versions[n]
		}
		p, err := cat.ProductVersion(id, version)
		if err != nil {
			return err
		}
		cmd.Terms.Products = append(cmd.Terms.Products, p)
	}
	return cmd.Terms.CheckPage()
}

// sells reports whether any of the products has a price.
func (cmd AttachCommand) sells() bool {
	return slices.ContainsFunc(cmd.Terms.Products, func(p catalog.Product) bool { return !p.Free() })
}

// attachState gathers what the rule needs beside the customer: the card on
// file, the trials of this device, the pages that are open. A page found paid
// or expired is dealt with first; then the customer is read again. A preview has
// not saved what the command says about the customer, so it is filled in here.
func (w work) attachState(ctx context.Context, cmd AttachCommand) (billing.AttachState, []billing.Operation, error) {
	state := billing.AttachState{State: w.state, Catalog: w.state.In(w.catalog)}
	if !w.caller.Publishable {
		state.Customer.FillBlanks(cmd.Data)
	}
	if err := w.trialsTaken(ctx, &state, cmd.Terms.Products); err != nil {
		return state, nil, err
	}
	if !cmd.sells() {
		return state, nil, nil
	}
	if w.state.Customer.StripeID != "" {
		c, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
		if err != nil {
			return state, nil, err
		}
		state.Card, state.Discounted, state.Balance = c.Card, c.Discounted, c.Balance
		if !c.Found {
			state.Customer.StripeID = "" // gone at Stripe: a new one is made
		}
		if state.State, err = state.BilledIn(w.catalog, c.Currency); err != nil || state.Chosen != w.state.Chosen {
			return state, nil, err
		}
	}
	open, err := w.openPages(ctx, cmd.Terms.Slots(), state.Customer.StripeID, state.Catalog.Currency())
	state.Pages = pagesOf(open)
	return state, open, err
}

func (w work) trialsTaken(ctx context.Context, state *billing.AttachState, products []catalog.Product) error {
	var unique []string
	for _, p := range products {
		if p.Trial != nil && p.Trial.UniqueFingerprint {
			unique = append(unique, p.ID)
		}
	}
	if state.Customer.Fingerprint == "" || len(unique) == 0 {
		return nil
	}
	taken, err := w.Store.TrialsTaken(ctx, w.caller.Env, state.Customer.Fingerprint, unique)
	state.TrialTaken = taken
	return err
}

// fingerprint is equal for commands of one customer that ask for the same, under whichever id.
func (cmd AttachCommand) fingerprint() string {
	asked := cmd.Terms
	all := []any{cmd.ProductIDs, cmd.Version, asked.Quantities, asked.ByInvoice,
		asked.ForceCheckout, asked.NoTrial, asked.Trial, asked.Items, asked.Schedule, asked.SuccessURL, asked.Metadata, asked.Extra, slices.Concat(cmd.Rewards, cmd.RewardIDs), cmd.Codes}
	if cmd.Currency != "" { // those of before are as they were
		all = append(all, cmd.Currency)
	}
	if asked.BillingDay > 0 || asked.BeginNow || asked.Apart {
		all = append(all, asked.BillingDay, asked.BeginNow, asked.Apart)
	}
	if cmd.EntityID != "" {
		all = append(all, "entity", cmd.EntityID)
	}
	if asked.AutomaticTax != nil {
		all = append(all, *asked.AutomaticTax)
	}
	if asked.Anew || cmd.Target != nil {
		all = append(all, "second", cmd.Versions, cmd.Target, asked.Units, asked.Fixed, asked.Uncancel, asked.Uncharged, asked.NoPage, asked.Patch)
	}
	if cmd.after != "" {
		all = append(all, "after", cmd.after)
	}
	return fingerprint(all)
}

// fingerprint is equal for equal values.
func fingerprint(asked any) string {
	b, err := json.Marshal(asked)
	if err != nil {
		panic("encode a command: " + err.Error()) // our own types always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
