package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/referral"
)

// The tabs of Products.
var tabs = []struct{ name, text, form string }{
	{productsTab, "Products", "+ Product"}, {featuresTab, "Features", "+ Feature"},
	{rewardsTab, "Rewards", "+ Reward"}, {programsTab, "Referral Programs", "+ Referral Program"},
}

// products is the page Products, of one of its tabs.
func (p pages) products(ctx context.Context, r *web.Request) (web.Answer, error) {
	page := ui.Page{Title: "Products", Nav: "Products"}
	here := r.Query("tab")
	if !slices.ContainsFunc(tabs, func(t struct{ name, text, form string }) bool { return t.name == here }) {
		here = productsTab
	}
	for _, t := range tabs {
		page.Tabs = append(page.Tabs, ui.Link{Text: t.text, Href: tab(t.name), Current: t.name == here})
		if t.name == here {
			page.Actions = editors(r, ui.Link{Text: t.form, Href: at(t.name, "new"), Primary: true, Dialog: t.name != productsTab})
		}
	}
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	var list ui.Table
	switch here {
	case rewardsTab:
		list, page.Paging, err = p.rewards(ctx, r, c)
	case programsTab:
		list, page.Paging, err = p.programs(ctx, r, c)
	case featuresTab:
		list, page.Paging = features(r, c)
	default:
		list, page.Paging = productList(r, c)
	}
	page.Body = ui.TablePart(list)
	return web.Show(page), err
}

// editors are links to forms, for those who may send them.
func editors(r *web.Request, links ...ui.Link) []ui.Link {
	if !r.Editor() {
		return nil
	}
	return links
}

// rewards is the table of rewards, newest first. One request beside the catalog.
func (p pages) rewards(ctx context.Context, r *web.Request, c *catalog.Catalog) (ui.Table, ui.Paging, error) {
	t := ui.Table{Caption: "Rewards", Columns: ui.Columns("Reward", "ID", "Type", "Value", "Duration", "Codes"), Empty: "No rewards yet."}
	page, links := pageOf(r, tab(rewardsTab), admin.NewestRewards(c), perPage, func(r catalog.Reward) string { return r.InternalID })
	counts, err := p.admin.Counts(ctx, r.Caller(), page)
	for _, w := range page {
		t.Rows = append(t.Rows, []templ.Component{
			ui.A(w.Name, rewardPath(w)), ui.Code(w.ID), ui.T(typeNames[w.Type]), ui.T(value(c, w)), ui.T(duration(w)), ui.T(codesOf(counts[w.InternalID])),
		})
	}
	return t, links, err
}

// codesOf names the first codes of a reward: "SPRING, VIP and 3 more".
func codesOf(n app.RewardCount) string {
	switch more := n.Codes - len(n.First); {
	case !n.Counted:
		return "…" // until the upgrade of this release has run
	case n.Codes == 0:
		return "—"
	case more > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(n.First, ", "), more)
	}
	return strings.Join(n.First, ", ")
}

// programsPerPage is how many programs are counted within the requests of a page.
const programsPerPage = 12

// programs is the table of referral programs, newest first. Two requests beside the catalog.
func (p pages) programs(ctx context.Context, r *web.Request, c *catalog.Catalog) (ui.Table, ui.Paging, error) {
	t := ui.Table{Caption: "Referral Programs", Columns: ui.Columns("Program", "Reward", "When", "Received by", "Max redemptions", "Rewarded"), Empty: "No referral programs yet."}
	t.Columns[4].Number, t.Columns[5].Number = true, true
	page, links := pageOf(r, tab(programsTab), admin.NewestPrograms(c), programsPerPage, func(p admin.Program) string { return p.InternalID })
	var ids []string
	for _, w := range page {
		ids = append(ids, w.InternalID)
	}
	stats, err := p.admin.ProgramsStats(ctx, r.Caller(), ids...)
	for _, w := range page {
		t.Rows = append(t.Rows, []templ.Component{
			ui.A(w.ID, programPath(w.ReferralProgram)), ui.A(w.Reward.Name, rewardPath(w.Reward)), ui.T(whenNames[w.When]),
			ui.T(receiverNames[w.ReceivedBy]), ui.T(atMost(w.MaxRedemptions)), ui.T(rewarded(stats[w.InternalID])),
		})
	}
	return t, links, err
}

// rewarded is how often a program gave its reward: redemptions that gave it, and were not reversed.
func rewarded(s referral.Stats) string { return fmt.Sprint(s.Applied) }

// atMost is a limit; 0 is none.
func atMost(n int) string {
	if n > 0 {
		return strconv.Itoa(n)
	}
	return "No limit"
}
