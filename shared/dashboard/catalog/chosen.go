package catalog

import (
	"context"

	"github.com/a-h/templ"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// nothingChosen is said until enough of a reward is chosen to say what it does.
const nothingChosen = "Choose a type and how much it gives."

// showWhat says what is chosen so far, where no script does.
var showWhat = []ui.Button{{Name: "again", Value: "1", Text: "Show what it does"}}

// chosen says what the reward would do that is chosen in a form.
func chosen(r *web.Request, c *catalog.Catalog) templ.Component {
	return chosenSoFar(at("sentence"), chosenSentence(r, c))
}

// sentenceRoute answers the script of that form.
func (p pages) sentenceRoute() web.Route {
	return web.Route{Pattern: "GET /dashboard/products/sentence", Serve: func(ctx context.Context, r *web.Request) (web.Answer, error) {
		c, err := p.app.Store.Catalog(ctx, r.Session.Env, false)
		if err != nil {
			return web.Answer{}, err
		}
		r.Form = r.URL.Query()
		return web.Part(ui.T(chosenSentence(r, c))), nil
	}}
}

func chosenSentence(r *web.Request, c *catalog.Catalog) string {
	cmd, err := readReward(r, c)
	if err != nil {
		return nothingChosen
	}
	name := "New reward"
	cmd.ID, cmd.Name, cmd.Now = "new_reward", &name, r.Now
	if _, taken := c.Rewards[cmd.ID]; taken {
		cmd.ID = catalog.IDFrom(name, "", func(id string) bool { _, taken := c.Rewards[id]; return taken })
	}
	reward, err := catalog.DecideCreateReward(c, cmd)
	if err != nil {
		return nothingChosen
	}
	return sentence(c, reward)
}
