package operate

import (
	"cmp"
	"context"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/referral"
)

// redemptions lists those that are held, those of a program, or all.
func (p pages) redemptions(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.app.Store.Catalog(ctx, r.Session.Env, false)
	if err != nil {
		return web.Answer{}, err
	}
	which, err := whichRedemptions(r, c)
	if err != nil {
		return web.Answer{}, err
	}
	page, next, err := p.app.Store.Redemptions(ctx, r.Session.Env, which.of, r.Query("cursor"), perPage)
	if err != nil {
		return web.Answer{}, err
	}
	people, err := p.peopleOf(ctx, r, page)
	if err != nil {
		return web.Answer{}, err
	}
	programs := map[string]string{} // ids by the internal ones
	for id, one := range c.Programs {
		programs[one.InternalID] = id
	}
	t := ui.Table{Caption: "Redemptions", Columns: ui.Columns("New customer", "Referrer", "Program", "Date", "Status", "Why", "Actions"), Empty: which.empty}
	for _, one := range page {
		t.Rows = append(t.Rows, []templ.Component{
			customerCell(people, one.RedeemerID, one.RedeemerInternalID), customerCell(people, one.ReferrerID, one.ReferrerInternalID),
			programCell(programs, one), ui.DayOf(one.CreatedAt), statusOf(one), ui.T(whyOf(one)), actionsOf(one)})
	}
	tabs := []ui.Link{{Text: "Held", Href: heldPath, Current: which.of.Status == referral.Held}, {Text: "All", Href: allPath, Current: which.of == app.RedemptionsOf{}}}
	if program := r.Query("program"); program != "" {
		tabs = append(tabs, ui.Link{Text: "Of " + program, Href: ui.With(ui.Path("redemptions"), "program", program), Current: true})
	}
	return web.Show(ui.Page{Title: "Redemptions", Nav: "Redemptions", Tabs: tabs, Body: ui.TablePart(t), Paging: paging(r, next)}), nil
}

var heldPath, allPath = ui.With(ui.Path("redemptions"), "status", "held"), ui.With(ui.Path("redemptions"), "status", "all")

// A selection is the list that an address asks for, and what is said where it is empty.
type selection struct {
	of    app.RedemptionsOf
	empty string
}

func whichRedemptions(r *web.Request, c *catalog.Catalog) (selection, error) {
	back := ui.Link{Text: "Back to redemptions", Href: ui.Path("redemptions")}
	switch status, program := r.Query("status"), r.Query("program"); {
	case program != "" && status != "":
		return selection{}, web.NotFound(back, "There is no list of a status and a program together: choose one of them.")
	case program != "":
		w, err := c.Program(program)
		if err != nil {
			return selection{}, web.NotFound(back, "There is no referral program “%s”.", program)
		}
		return selection{app.RedemptionsOf{ProgramID: w.InternalID}, "No redemptions of this program yet."}, nil
	case status == "all":
		return selection{empty: "No redemptions yet."}, nil
	case status != "" && status != string(referral.Held):
		return selection{}, web.NotFound(back, "The list “%s” of redemptions does not exist: there are held and all.", status)
	}
	return selection{app.RedemptionsOf{Status: referral.Held}, "Nothing is held."}, nil
}

// paging leads on in a list by cursor, and back to its beginning.
func paging(r *web.Request, next string) (p ui.Paging) {
	q := r.URL.Query()
	if q.Get("cursor") != "" {
		q.Del("cursor")
		p.Previous = strings.TrimSuffix(r.URL.EscapedPath()+"?"+q.Encode(), "?")
	}
	if next != "" {
		q.Set("cursor", next)
		p.Next = r.URL.EscapedPath() + "?" + q.Encode()
	}
	return p
}

// peopleOf reads both sides of redemptions in one request.
func (p pages) peopleOf(ctx context.Context, r *web.Request, page []referral.Redemption) (map[string]billing.Customer, error) {
	var keys []string
	for _, one := range page {
		keys = append(keys, one.RedeemerID)
		if one.ReferrerID != "" {
			keys = append(keys, one.ReferrerID)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return p.app.Store.CustomersByKey(ctx, r.Session.Env, keys...)
}

// customerCell links to a customer by the name, else the e-mail, else the id. One who is gone,
// or whose id has another customer by now, is named by the id alone.
func customerCell(people map[string]billing.Customer, key, internalID string) templ.Component {
	if key == "" {
		return ui.T("–")
	}
	c, found := people[key]
	if !found || c.InternalID != internalID {
		return ui.T(key)
	}
	return customerLink(c)
}

func customerLink(c billing.Customer) templ.Component {
	return ui.A(c.Label(), ui.Path("customers", app.CustomerPath(c)))
}

func programCell(programs map[string]string, r referral.Redemption) templ.Component {
	switch id, found := programs[r.ProgramID]; {
	case !r.Referral() && r.Code == "":
		return ui.T("Given without a code")
	case !r.Referral():
		return ui.T("Promotion code " + r.Code)
	case found:
		return ui.A(id, ui.Path("products", "referral-programs", id))
	}
	return ui.T("Deleted program")
}

// words of statuses, and the tones beside them.
var statuses = map[referral.Status]struct {
	word string
	tone ui.Tone
}{
	referral.Pending: {"Waiting for a purchase", ui.Plain}, referral.Held: {"Held for review", ui.Warn}, referral.Triggered: {"Queued", ui.Plain},
	referral.Applied: {"Rewarded", ui.Good}, referral.Refused: {"Rejected", ui.Bad}, referral.Reversed: {"Reversed", ui.Bad}, referral.Closed: {"Closed", ui.Plain},
}

func statusOf(r referral.Redemption) templ.Component {
	s := statuses[r.Status]
	if r.Reason == referral.ReasonLimit {
		s.word = "Limit reached"
	}
	return ui.Status(s.word, s.tone)
}

// reasons are those that are no person's own words.
var reasons = map[string]string{
	referral.ReasonLimit: "The limit of the program is reached", referral.ReasonProgramGone: "The program was deleted", referral.ReasonOwnerGone: "The referrer was deleted",
	referral.ReasonBuyerGone: "The new customer was deleted", referral.ReasonRewardGone: "The reward is not available", referral.ReasonRefunded: "The payment was refunded",
	referral.ReasonDisputed: "The payment was disputed", referral.Rejected: "Rejected by a person",
}

// whyOf says by which rule a redemption is held, else until when, else why it gave nothing.
func whyOf(r referral.Redemption) string {
	all := web.GuardRules(r.Flags)
	if r.Status == referral.Held && len(all) == 0 && !r.HeldUntil.IsZero() {
		all = append(all, "Waits until "+ui.Day(r.HeldUntil))
	}
	if r.Reason != "" {
		all = append(all, cmp.Or(reasons[r.Reason], r.Reason))
	}
	return strings.Join(all, ", ")
}

func actionsOf(r referral.Redemption) templ.Component {
	if r.Status != referral.Held {
		return nil
	}
	return ui.Row(getButton("Approve", ui.Path("redemptions", r.ID, "approve")), getButton("Reject", ui.Path("redemptions", r.ID, "reject")))
}
