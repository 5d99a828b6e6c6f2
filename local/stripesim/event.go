package stripesim

import (
	"slices"
	"strings"

	"windfall/local/stripesim/object"
)

var eventRoutes = []endpoint{
	{"GET /v1/events", "created:r delivery_success:b type types:[s]" + pageParams, listEvents},
	{"GET /v1/events/{id}", "", getEvent},
}

func getEvent(c *call) (any, error) { return need[*object.Event](c.tx, "event", c.id, "id") }

func listEvents(c *call) (any, error) {
	kinds := c.p.Strings("types")
	if one := c.p.Str("type"); one != "" {
		if len(kinds) > 0 {
			return nil, invalid("types", "You may only specify one of these parameters: type, types.")
		}
		kinds = []string{one}
	}
	return pageNewest(c, all[*object.Event](c.tx), func(o *object.Event) bool {
		if c.p.Given("delivery_success") && c.p.Bool("delivery_success") != (o.PendingWebhooks == 0) {
			return false
		}
		return c.p.InRange("created", o.Created) && (len(kinds) == 0 || slices.ContainsFunc(kinds, func(k string) bool { return typeMatches(k, o.Type) }))
	})
}

// typeMatches: "invoice.*" stands for all events of an invoice.
func typeMatches(want, have string) bool {
	if prefix, wild := strings.CutSuffix(want, "*"); wild {
		return strings.HasPrefix(have, prefix)
	}
	return want == have
}
