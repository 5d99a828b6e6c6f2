package billing

import (
	"slices"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A purchase is an attach whose branch is known: it is turned into the
// decision for each way of paying.
type purchase struct {
	AttachState
	cmd      Attach
	branch   Branch
	trial    *catalog.FreeTrial
	currency money.Currency
	first    money.Period // ends on the billing day that was asked for; zero for a full one
	onPage   money.Period // the same, of a page
}

func (s AttachState) purchase(cmd Attach, branch Branch) purchase {
	p := purchase{AttachState: s, cmd: cmd, branch: branch, currency: s.Catalog.Currency()}
	if branch != BranchBundle && branch != BranchOneOff {
		p.trial = s.trialFor(cmd)
	}
	return p
}

// taxed reports whether Stripe computes the tax of a purchase.
func (p purchase) taxed() bool {
	if p.cmd.AutomaticTax != nil {
		return *p.cmd.AutomaticTax
	}
	return p.Catalog.Settings.AutomaticTax
}

// asksTaxID reports whether a page asks for a tax id: the call says so, or the settings.
func (p purchase) asksTaxID() bool {
	if said := p.cmd.Extra["tax_id_collection[enabled]"]; said != "" {
		return said == "true"
	}
	return p.Catalog.Settings.TaxIDCollection
}

func (p purchase) free() bool {
	for _, product := range p.cmd.Products {
		if !product.Free() {
			return false
		}
	}
	return true
}

// paidOnce reports whether nothing of it recurs, so that there is nothing to
// subscribe to.
func (p purchase) paidOnce() bool {
	return !slices.ContainsFunc(p.cmd.Products, catalog.Product.Recurring)
}

func (p purchase) trialWithoutCard() bool {
	return p.trial != nil && !p.trial.CardRequired && !p.cmd.Publishable && !p.cmd.ForceCheckout
}

func (p purchase) names() string {
	var ids []string
	for _, product := range p.cmd.Products {
		ids = append(ids, product.ID)
	}
	return strings.Join(ids, ", ")
}

// decide fills in what all ways of paying share.
func (p purchase) decide(effect Effect, why string) Decision {
	d := Decision{Branch: p.branch, Effect: effect, Why: why, Currency: p.currency, Quantities: p.options(), First: p.first, Renews: p.first.End, Taxed: p.taxed() && !p.free()}
	for i, product := range p.cmd.Products {
		d.Products = append(d.Products, product.ID)
		cp := p.cmd.start(product, i)
		cp.Taxed = d.Taxed
		if p.trial != nil {
			cp.TrialEnds = p.trial.End(p.cmd.Now)
			d.Trials = append(d.Trials, product.ID)
			if p.trial.UniqueFingerprint {
				d.DeviceTrials = append(d.DeviceTrials, product.ID)
			}
		}
		d.Start = append(d.Start, cp)
		lines := linesOf(product, p.options(), p.currency)
		if p.trial != nil {
			lines = oneTimeLines(lines) // a trial is of what recurs
		}
		lines = firstPeriod(lines, p.first, p.currency)
		d.Lines = append(d.Lines, lines...)
	}
	return d
}

// options are the quantities asked for; where a page lets the customer
// choose, one pack is offered.
func (p purchase) options() []catalog.Quantity {
	options := p.cmd.Quantities
	for _, product := range p.cmd.Products {
		for _, item := range product.Items {
			if item.UsageModel == catalog.Prepaid && item.Priced() && !catalog.QuantityGiven(options, item.FeatureID) {
				options = append(options[:len(options):len(options)], catalog.Quantity{FeatureID: item.FeatureID, Quantity: item.Pack()})
			}
		}
	}
	return options
}

// grant starts products that cost nothing. One with a trial ends with it, as
// there is nothing that could be paid to go on.
func (p purchase) grant() Decision {
	d := p.decide(EffectFreeAttached, "A free product starts at once.")
	if p.trial != nil {
		d.Start[0].EndsAt = d.Start[0].TrialEnds
		d.Start = append(d.Start, fallback(p.Catalog, d.Start[0], d.Start[0].ID+"_after", d.Start[0].EndsAt, p.cmd.Now)...)
	}
	return d
}

// checkout sends the customer to a page. The pages that it replaces are closed
// once it is open: if Stripe refuses it, they stay. Its address is returned
// only then, so there is never a choice between two.
func (p purchase) checkout() Decision {
	p.first = p.onPage
	d := p.decide(EffectCheckoutCreated, "The customer pays on a page; the product starts when it is paid.")
	d.Page = true
	coupon, limits := p.give(&d)
	d.Steps = p.makeCustomer()
	lines, prices := p.stripeLines(true)
	d.Steps = slices.Concat(d.Steps, prices, limits)
	session := &NewSession{Lines: lines, Coupon: coupon, Discounted: p.Discounted, SuccessURL: p.cmd.SuccessURL, Metadata: p.cmd.Metadata, Extra: p.cmd.Extra,
		Taxed: p.taxed(), AskAddress: p.taxed(), AskTaxID: p.asksTaxID()}
	for _, l := range lines {
		session.Recurring = session.Recurring || l.Recurring
	}
	if p.trial != nil && session.Recurring {
		session.CardLater = !p.trial.CardRequired && !p.cmd.Publishable // a public key opens such a page with any id
		if p.trial.Duration == money.Day {
			session.TrialDays = p.trial.Length // counted from the day it is paid
		} else {
			session.TrialEnd = p.trial.End(p.cmd.Now)
		}
	}
	if at := p.first.End; !at.IsZero() {
		session.Anchor = at
		if !at.After(p.cmd.Now.Add(longestPage)) { // tomorrow
			session.ExpiresAt = at
		}
	}
	d.Steps = append(append(d.Steps, Step{Name: "session", Session: session}), expireSteps(p.Pages)...)
	return d
}

// subscribe starts a subscription on the card on file, or by invoice.
func (p purchase) subscribe() Decision {
	d := p.decide(EffectAttached, "The card on file is charged and the product starts at once.")
	if p.cmd.ByInvoice {
		d.Why = "An invoice is sent and the product starts at once."
	}
	coupon, limits := p.give(&d)
	d.Steps = p.prepare()
	lines, prices := p.stripeLines(false)
	d.Steps = slices.Concat(d.Steps, prices, limits)
	sub := &NewSubscription{Lines: lines, Coupon: coupon, Card: p.Card, ByInvoice: p.cmd.ByInvoice,
		DraftInvoice: p.cmd.DraftInvoice, CollectWithin: NetTerms, Taxed: p.taxed()}
	if p.trial != nil {
		sub.TrialEnd = p.trial.End(p.cmd.Now)
	}
	if day := p.first.Anchor; !day.At.IsZero() {
		sub.Anchor, sub.Month = day, p.cycle().Months()%12 == 0
	}
	if coupon != nil && d.Given.missed(d.Lines, p.trial != nil) {
		sub.Coupon = nil
		d.Steps = append(d.Steps, Step{Name: "subscription", Subscription: sub}, putStep(*coupon))
		return p.orPage(d)
	}
	d.Steps = append(d.Steps, Step{Name: "subscription", Subscription: sub})
	return p.orPage(d)
}

// invoice bills what is paid once.
func (p purchase) invoice() Decision {
	d := p.decide(EffectPurchased, "A one-off is invoiced at once.")
	coupon, limits := p.give(&d)
	d.Steps = p.prepare()
	lines, prices := p.stripeLines(false)
	d.Steps = slices.Concat(d.Steps, prices, limits)
	d.Steps = append(d.Steps, Step{Name: "invoice", Invoice: &NewInvoice{Currency: p.currency, Coupon: coupon, Lines: lines, Card: p.Card,
		ByInvoice: p.cmd.ByInvoice, DraftInvoice: p.cmd.DraftInvoice, CollectWithin: NetTerms, Taxed: p.taxed()}})
	return p.orPage(d)
}

// NetTerms is how many days a customer has to pay an invoice. Our choice;
// Stripe's own dashboard offers 30 first.
const NetTerms = 30

// orPage adds what happens when the card is refused: a page.
func (p purchase) orPage(d Decision) Decision {
	if p.offPage() || p.cmd.NoPage {
		return d // a page can't have that billing day
	}
	if page := p.checkout(); !p.cmd.ByInvoice && p.Card != "" && !page.Misses() {
		page.Why, page.Cause = "The card was refused, so the customer pays on a page.", PageCardRefused
		d.Declined = &page
	}
	return d
}

// prepare closes the pages this purchase replaces, before anything is charged,
// and makes the customer known to Stripe.
func (p purchase) prepare() []Step { return append(expireSteps(p.Pages), p.makeCustomer()...) }

func (p purchase) makeCustomer() []Step {
	if p.Customer.StripeID != "" {
		return nil
	}
	return []Step{customerStep(p.Customer)}
}

// stripeLines lists the prices to buy, and the steps that make those Stripe
// does not know yet.
func (p purchase) stripeLines(page bool) ([]PriceLine, []Step) {
	var lines []PriceLine
	var steps []Step
	add := func(product catalog.Product, item catalog.Item, packs money.Decimal) {
		id := p.Catalog.StripePrices[item.ID]
		lines = append(lines, PriceLine{ItemID: item.ID, StripeID: id, Quantity: packs.IntPart(),
			Adjust:    page && item.UsageModel == catalog.Prepaid && (p.cmd.Code == nil || p.cmd.Code.Minimum == 0) && !slices.Contains(p.cmd.Fixed, item.FeatureID), // a minimum was judged by these quantities
			Recurring: item.Cycle.Repeats()})
		if id == "" {
			steps = append(steps, Step{Name: "price_" + item.ID, Price: stripePrice(p.Catalog, product, item)})
		}
	}
	for _, product := range p.cmd.Products {
		recurring := false
		for _, item := range product.Items {
			packs := catalog.PacksOf(item, p.options())
			if item.InAdvance() && packs.IsPositive() {
				add(product, item, packs)
				recurring = recurring || item.Cycle.Repeats()
			}
		}
		if product.Recurring() && !recurring {
			add(product, usageItem(product), money.One)
		}
	}
	return lines, steps
}

// A SetupPayment asks for a page on which the customer saves a card.
type SetupPayment struct {
	SuccessURL string            // where the page leads; "" is the default
	Extra      map[string]string // what PageParams returned
	AskAddress bool              // what is bought later is taxed where the customer is
}

// SetupSlot is what such a page occupies while it is open: a customer has one.
const SetupSlot = "setup"

// DecideSetupPayment opens the page. Open pages with other terms are
// closed before its address is returned, so the card saved last is the one that
// counts; if Stripe refuses the page, they stay.
func DecideSetupPayment(cmd SetupPayment, open []Page) Decision {
	return Decision{
		Branch: "card_saved", Why: "The customer saved a card on a page; invoices are charged to it from now on.", Page: true,
		Steps: append([]Step{{Name: "session", Session: &NewSession{Setup: true, SuccessURL: cmd.SuccessURL, Extra: cmd.Extra, AskAddress: cmd.AskAddress}}}, expireSteps(open)...),
	}
}

// expireSteps closes the pages that something else replaces.
func expireSteps(pages []Page) []Step {
	var steps []Step
	for _, page := range pages {
		steps = append(steps, Step{Name: "expire_" + page.OperationID, ExpireSession: &ExpireSession{page.SessionID, page.OperationID}})
	}
	return steps
}
