package dynamo

import (
	"errors"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/referral"
	"windfall/shared/reward"
	"windfall/shared/usage"
)

// A sample is one value of every stored type, complete.
type sample struct {
	state   billing.State // of a customer, with all rows in its partition
	cat     catalog.Catalog
	product catalog.Product
	lock    app.Lock
	audit   billing.Audit
	invoice billing.Invoice
	payment billing.ReturnedPayment
	entity  billing.Entity
	placed  []reward.Placement // a code for anybody, and one for a customer in the place of another
	stats   referral.Stats
	done    app.Outcome
	use     app.UsageRecord
	key     app.Key
	answer  app.StoredAnswer
}

const first = 0 // the version of a row that was never written

func newSample(t *testing.T) sample {
	t.Helper()
	var m sample
	m.state.Customer = filled(t, func(c *billing.Customer) {
		c.ID, c.InternalID, c.Version, c.Codes, c.Brought = "ada", "cus_1", first, []string{"VIP"}, []string{"cus_2"}
	})
	m.state.Products = []billing.CustomerProduct{filled(t, func(p *billing.CustomerProduct) { p.ID, p.Status, p.Awaited = "cp_1", billing.Active, false })}
	m.state.Balances = map[string]entitlement.Balance{"messages": filledBalance(t, "messages")}
	m.entity = filled(t, func(e *billing.Entity) { e.ID = "seat 1#b" })
	complete(t, m.entity)
	its := filledBalance(t, "messages")
	its.Entity, its.Entities, its.Shards.Want = m.entity.EntityRef, false, 0
	m.state.OfEntities = []entitlement.Balance{its}
	m.state.Operations = []billing.Operation{filled(t, func(o *billing.Operation) {
		o.ID, o.Decision.Reward.Reward.Version, o.Decision.Queue[0].Reward.Version, o.Results.Again.Version = "op_1", first, first, first
		o.Decision.Start[0].Awaited = false
	})}
	m.state.Credits = filled(t, func(c *credit.Account) { c.Version = first })
	m.state.Guesses = billing.Guesses{Window: april, Count: 3}
	m.state.Codes = []catalog.ReferralCode{filled(t, func(c *catalog.ReferralCode) {
		c.Code, c.OwnerID, c.ProgramID, c.Recent = "4EXWV2", "ada", "signup", nil
	})}
	m.state.Queue = []billing.QueuedReward{filled(t, func(q *billing.QueuedReward) { q.RedemptionID, q.Reward.Version = "rr_1", first })}
	m.state.Redeemed = []referral.Redemption{filled(t, func(r *referral.Redemption) {
		r.ID, r.Status, r.Version, r.Reward.Version = "rr_1", referral.Held, first, first
	})}
	m.product = filled(t, func(p *catalog.Product) { p.ID = "pro" })
	m.cat = catalog.Catalog{
		Features:     map[string]catalog.Feature{"messages": filled(t, func(f *catalog.Feature) { f.ID = "messages" })},
		Products:     map[string][]catalog.Product{"pro": {m.product}},
		Rewards:      map[string]catalog.Reward{"gift": filled(t, func(r *catalog.Reward) { r.ID, r.Version = "gift", first })},
		Programs:     map[string]catalog.ReferralProgram{"signup": filled(t, func(p *catalog.ReferralProgram) { p.ID, p.Version = "signup", first })},
		StripePrices: map[string]string{"pr_1": "price_1"}, VersionsInUse: map[string]bool{catalog.VersionKey("pro", m.product.Version): true},
		Settings: filled(t, func(s *catalog.Settings) { s.Version = first }),
	}
	m.lock = filled(t, func(l *app.Lock) { l.ID, l.CustomerKey, l.Ended = "lockid", "ada", "" })
	m.audit = filled(t, func(a *billing.Audit) { a.ID, a.Actor = "01J", "dashboard:jo@x.io" })
	m.invoice = filled(t, func(i *billing.Invoice) { i.StripeID, i.Status = "in_1", "paid" })
	m.payment = filled(t, func(p *billing.ReturnedPayment) { p.ChargeID = "ch_1" })
	forAnybody := filled(t, func(p *reward.PromoCode) {
		p.Code, p.RewardID, p.CustomerID, p.Used, p.Version = "FALL25", "rew_1", "", 0, first
	})
	ofAda := filled(t, func(p *reward.PromoCode) {
		p.Code, p.RewardID, p.CustomerID, p.Used, p.Version = "VIP", "rew_1", "cus_1", 0, first
	})
	m.placed = []reward.Placement{{Code: forAnybody, New: true}, {Code: ofAda, New: true, Retired: &ofAda}}
	complete(t, ofAda, "PromoCode.Used", "PromoCode.Version")
	m.stats = filled[referral.Stats](t)
	m.done = filled[app.Outcome](t)
	m.use = filled(t, func(u *app.UsageRecord) { u.ID, u.CustomerID, u.Features = "evt_1", "ada", []string{"messages"} })
	m.key = filled(t, func(k *app.Key) { k.Hash, k.Env = "cafe", env })
	m.answer = filled[app.StoredAnswer](t)
	withoutGrants := m.state
	withoutGrants.Balances, withoutGrants.OfEntities = nil, nil
	complete(t, withoutGrants, "State.Products.Awaited", "State.Operations.Decision.Start.Awaited", "State.Balances", "State.Codes.Recent", "State.Redeemed.Reward.Version", "State.Redeemed.Version", "State.Customer.Version", "State.Operations.Decision.Declined", "State.Operations.Decision.Running.Then", "State.Operations.Decision.Reward.Reward.Version", "State.Operations.Decision.Queue.Reward.Version", "State.Operations.Results.Again.Version", "State.Queue.Reward.Version", "State.Credits.Version", "State.Chosen", "State.OfEntities", "State.Own", "State.Scope.ID", "State.Scope.FeatureID", "State.Scope.Number") // a decision, or a discount, again
	complete(t, m.cat, "Catalog.index", "Catalog.revision", "Catalog.currency", "Catalog.stored", "Catalog.unsold", "Catalog.seen", "Catalog.Settings.Version", "Catalog.Rewards.Version", "Catalog.Programs.Version")
	for _, v := range []any{m.audit, m.invoice, m.payment, m.done, m.use, m.key, m.answer} {
		complete(t, v)
	}
	return m
}

// filledBalance has a grant with every field and one without an end, which is
// counted on shards.
func filledBalance(t *testing.T, feature string) entitlement.Balance {
	t.Helper()
	grant := filled(t, func(g *entitlement.Grant) {
		g.ID, g.CustomerProductID, g.From, g.Since, g.Until, g.ResetsAt = "cp_1/pr_1", "cp_1", april, april, may.AddDate(0, 1, 0), may
	})
	complete(t, grant)
	grant.PaidFor.Anchor = money.Anchor{} // its days are those of the grant
	grant.TurnsTo = grant.PaidFor.End     // no turn comes
	open := grant
	open.Turn, open.TurnsTo = money.Cycle{}, time.Time{}
	open.ID, open.Suspended, open.Boolean, open.Seats, open.Paid, open.PaidFor, open.PerEntity = "cp_1/pr_2", false, false, false, money.Zero, money.Period{}, ""
	return filled(t, func(b *entitlement.Balance) {
		for i := range b.Past {
			b.Past[i].Period = money.Period{Start: b.Past[i].Period.Start, End: b.Late[i].Over}
		}
		b.Entity, b.Moved, b.Pooled = entitlement.EntityRef{}, false, false
		b.FeatureID, b.Version, b.Grants, b.Shards = feature, first, []entitlement.Grant{grant, open}, entitlement.Shards{Want: 2}
		for i := range b.Closed {
			b.Closed[i].Period.Whole, b.Closed[i].Period.Anchor = time.Time{}, money.Anchor{} // it is over
		}
	})
}

// writes are all of the sample, but what a method of its own saves.
func (m sample) writes() []app.Write {
	s, c, old := m.state, m.cat, m.state.Codes[0]
	old.OwnerID = "cus_1"
	r, ended := s.Redeemed[0], s.Products[0]
	ended.ID, ended.Status, ended.EndsAt = "cp_0", billing.Expired, may
	out := []app.Write{app.SaveCustomer{Customer: s.Customer}, app.SaveCustomerProduct{Key: "ada", Product: s.Products[0], Due: may},
		app.SaveOperation{Key: "ada", Operation: s.Operations[0], Due: may, Begin: true},
		app.NewReferralCode{Code: old}, app.NewRedemption{Redemption: r}, app.OpenRedemption{Key: "ada", Redemption: r, Due: may}, app.QueueReward{Key: "ada", Queued: s.Queue[0]},
		app.AddAudit{InternalID: "cus_1", Audit: m.audit, Name: "Ada", Path: "cus_1~k"}, app.SaveInvoice{InternalID: "cus_1", Invoice: m.invoice, Noted: "evt_1"},
		app.SaveReturnedPayment{InternalID: "cus_1", Payment: m.payment},
		app.MoveEnded{Key: "ada", InternalID: "cus_1", Products: []billing.CustomerProduct{ended}},
		app.LinkStripe{StripeID: "cus_S", Key: "ada", InternalID: "cus_1"},
		app.BuryStripe{StripeID: "cus_T", Owner: billing.StripeOwner{InternalID: "cus_2", DeletedAt: may, OperationID: "op_2"}},
		app.ReserveEmail{Email: "Jo@x.io", InternalID: "cus_3"}, app.ClaimTrial{Trial: billing.TrialClaim{Fingerprint: "device", ProductID: "pro"}},
		app.NewLock{Lock: m.lock, Now: april}, app.EventDone{EventID: "evt_1", Type: "invoice.paid", Now: april}, app.OperationDone{OperationID: "op_1", Outcome: m.done, Now: april},
		app.SaveFeature{Feature: c.Features["messages"], New: true}, app.SaveProduct{Product: m.product, New: true},
		app.SaveStripePrice{Key: "pr_1", StripeID: "price_1"}, app.SaveSettings{Settings: c.Settings},
		app.SaveReward{Reward: c.Rewards["gift"], Made: app.CodesMade{Texts: []string{"FALL25"}}}, app.SavePromoCode{Placement: m.placed[0]}, app.SavePromoCode{Placement: m.placed[1], Due: may}, app.LookAtCopies{RewardID: "rew_1", Look: "01K", Cursor: "", Due: may}, app.UseByCustomer{RewardID: "rew_1", Code: "FALL25", CustomerID: "cus_1"},
		app.SaveProgram{Program: c.Programs["signup"]}}
	out = append(out, app.SaveCredits{Key: "ada", Credits: s.Credits, Due: may})
	out = append(out, app.SaveGuesses{Key: "ada", Guesses: s.Guesses})
	for _, b := range s.Balances {
		out = append(out, app.SaveBalance{Key: "ada", Balance: b, Now: april})
	}
	out = append(out, app.NewEntity{Key: "ada", Entity: m.entity}, app.SaveBalance{Key: "ada", Balance: s.OfEntities[0], Now: april})
	return out
}

// saveSample writes a row of every kind through the store.
func saveSample(t *testing.T, s *Store, m sample) {
	t.Helper()
	ctx := t.Context()
	must(t, s.Commit(ctx, env, m.writes()...))
	must(t, s.Commit(ctx, env, app.MarkVersionInUse{ProductID: "pro", Version: m.product.Version}, app.CountRedemption{Code: "4EXWV2", Places: 1, Recent: []time.Time{april, may}},
		app.CountProgram{ProgramID: "rs_1", Of: "rr_1", Stats: m.stats}, app.CountRevenue{At: april, Of: "in_1", Currency: "usd", Amount: 2000}, app.EventFailed{Event: filled[app.Event](t), Why: "it broke", Now: april},
		app.CloseProgram{Of: "rs_1", Customer: true, Cursor: "next", Left: true, Due: may}, app.UseReward{Reward: m.cat.Rewards["gift"], Now: april}))
	must(t, s.Commit(ctx, env, app.MoveReferralCode{Code: m.state.Codes[0]}))
	must(t, s.Commit(ctx, env, app.SetReferralCode{Code: m.state.Codes[0]}))
	must(t, s.NewImport(ctx, env, filled(t, func(i *app.Import) { i.ID = "imp_1" }), []app.ImportRow{filled[app.ImportRow](t)}, may))
	used := app.DebitBatch{Now: april, Events: []app.UsageRecord{m.use}}
	words := filledBalance(t, "words")
	_, _, err := s.SaveUsed(ctx, env, "grace", nil, keyed(used, "key_1"))
	must(t, err)
	_, _, err = s.SaveUsed(ctx, env, "grace", []entitlement.Balance{words}, used)
	must(t, err)
	second := m.use
	second.ID = "evt_3"
	_, _, err = s.SaveUsed(ctx, env, "grace", []entitlement.Balance{{FeatureID: "pages", Version: first}}, app.DebitBatch{Now: april,
		Events: []app.UsageRecord{m.use, second}, Keys: []app.RequestKey{{Name: "batch_1 0", Outcome: `{"n":2}`}}})
	must(t, err)
	filed := m.use
	filed.ID, filed.CustomerID, filed.Properties = "evt_2", "grace", `{"groupby":"large"}`
	must(t, errors.Join(s.FileUsage(ctx, []app.UsageNote{{UsageRecord: filed, Env: env, Position: usage.PositionOf("21"),
		Source: app.UsageSource{PK: customerPK(env, "grace"), SK: "BALANCE#words"}}}, april)...))
	for _, key := range []string{"key_1", "key_2"} {
		_, err = s.BeginRequest(ctx, env, key, "hash", april)
		must(t, err)
	}
	must(t, s.EndRequest(ctx, env, "key_1", &m.answer, april))
	_, err = s.CountWithin(ctx, env, app.Limit{Name: "calls", Of: "ada", Most: 2, Window: time.Minute}, april)
	must(t, err)
	put(t, s, KeyItem(m.key)) // as the operator's command does
	saveAccounts(t, s)
}
