package catalog

import (
	"context"
	"net/http"

	"windfall/shared/admin"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

func (p pages) rewardRoutes() []web.Route {
	return append(append(
		web.FormPage{Path: "/dashboard/products/rewards/new", Show: p.newReward, Save: p.createReward}.Routes(),
		web.FormPage{Path: "/dashboard/products/rewards/{id}/edit", Show: p.editReward, Save: p.saveReward}.Routes()...),
		web.Route{Pattern: "GET /dashboard/products/rewards/{id}", Serve: p.reward}, p.sentenceRoute())
}

// toRewards leads back from the pages of a reward.
var toRewards = ui.Link{Text: "Back to rewards", Href: tab(rewardsTab)}

// rewardPath is the address of a reward. One that is called like the form of new ones is found by our id.
func rewardPath(r catalog.Reward, more ...string) string {
	id := r.ID
	if id == "new" {
		id = r.InternalID
	}
	return at(append([]string{rewardsTab, id}, more...)...)
}

func (p pages) newReward(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	return web.View{Page: ui.Page{Title: "New reward", Nav: "Products", Back: toRewards, Narrow: true}, Below: chosen(r, c),
		Form: ui.Form{Action: at(rewardsTab, "new"), Fields: newRewardFields(c), Button: "Create", More: showWhat}}, nil
}

func (p pages) createReward(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	cmd, err := readReward(r, c)
	if err != nil {
		return web.Answer{}, err
	}
	codes, err := readNew(r, c, &cmd)
	if err != nil {
		return web.Answer{}, err
	}
	if _, err = p.admin.CreateReward(ctx, r.Caller(), cmd, codes); err != nil {
		return web.Answer{}, about(err, rewardProblems)
	}
	return web.Done(tab(rewardsTab), "Reward created."), nil
}

// reward shows one reward: what it does, how often it was used, and its codes.
func (p pages) reward(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	reward, err := c.Reward(r.Param("id"))
	if err != nil {
		return web.Answer{}, missing(err, toRewards)
	}
	codes, next, err := p.admin.ListCodesOf(ctx, r.Caller(), c, reward.InternalID, r.Query("after"), perPage)
	if err != nil {
		return web.Answer{}, err
	}
	return web.Show(p.rewardPage(r, c, reward, codes, next)), nil
}

func (p pages) rewardPage(r *web.Request, c *catalog.Catalog, reward catalog.Reward, codes []admin.ListedCode, next string) ui.Page {
	return ui.Page{Title: reward.Name, Nav: "Products", Back: toRewards, Paging: cursors(r, rewardPath(reward), next),
		Actions: editors(r, ui.Link{Text: "+ Code", Href: ui.With(ui.Path("codes", "new"), "reward", reward.ID), Dialog: true}, ui.Link{Text: "Edit reward", Href: rewardPath(reward, "edit")},
			ui.Link{Text: "Delete reward", Href: rewardPath(reward, "delete")}),
		Body: ui.All(
			ui.Section("Details", nil, ui.P(sentence(c, reward)), ui.Facts(
				ui.Fact{Name: "ID", Value: ui.Code(reward.ID)}, ui.Fact{Name: "Type", Value: ui.T(typeNames[reward.Type])},
				ui.Fact{Name: "Value", Value: ui.T(value(c, reward))}, ui.Fact{Name: "Duration", Value: ui.T(duration(reward))},
				ui.Fact{Name: "Created", Value: ui.DayOf(reward.CreatedAt)}), ui.Sentences(limits(reward)...)),
			ui.Section("Codes", nil, ui.TablePart(codeTable("Codes of "+reward.Name, codes, false)))),
	}
}

func (p pages) editReward(ctx context.Context, r *web.Request) (web.View, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.View{}, err
	}
	reward, err := c.Reward(r.Param("id"))
	if err != nil {
		return web.View{}, missing(err, toRewards)
	}
	fields := []ui.Field{{Name: fName, Label: "Name", Value: reward.Name}}
	below := chosen(r, c)
	switch {
	case ofAPI(reward):
		below = ui.P(sentence(c, reward))
	case r.Method == http.MethodGet: // nothing is chosen yet: it does what it did
		below = chosenSoFar(at("sentence"), sentence(c, reward))
	}
	var more []ui.Button
	if !ofAPI(reward) {
		more = showWhat
	}
	return web.View{Page: ui.Page{Title: "Edit reward", Nav: "Products", Back: ui.Link{Text: "Back to " + reward.Name, Href: rewardPath(reward)}, Narrow: true}, Below: below,
		Form: ui.Form{Action: rewardPath(reward, "edit"), Fields: append(fields, editable(rewardFields(c, reward), reward)...), Button: "Save", More: more,
			Note: "Codes and what was given already stay as they are."}}, nil
}

// editable leaves out what the form cannot change of a reward: one of features or of free periods was made by the API.
func editable(fields []ui.Field, r catalog.Reward) []ui.Field {
	if ofAPI(r) {
		return fields[len(fields)-1:]
	}
	return fields
}

func ofAPI(r catalog.Reward) bool { return r.Type == catalog.FeatureGrant || r.FreePeriods > 0 }

func (p pages) saveReward(ctx context.Context, r *web.Request) (web.Answer, error) {
	c, err := p.read(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	old, err := c.Reward(r.Param("id"))
	if err != nil {
		return web.Answer{}, missing(err, toRewards)
	}
	cmd := catalog.EditReward{}
	if ofAPI(old) {
		cmd.Max, err = most(r)
	} else {
		cmd, err = readReward(r, c)
	}
	if err != nil {
		return web.Answer{}, err
	}
	name := r.Value(fName)
	if cmd.ID, cmd.Name = old.InternalID, &name; name == "" {
		return web.Answer{}, web.On(fName, web.Invalid("Enter a name."))
	}
	if _, err := p.admin.EditReward(ctx, r.Caller(), cmd, nil); err != nil {
		return web.Answer{}, about(err, rewardProblems)
	}
	return web.Done(rewardPath(old), "Saved."), nil
}
