package v2

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// mostRows is how many subscriptions or purchases a page has at most.
const mostRows = 200

type listPlansHeld struct {
	CustomerID string   `json:"customer_id"` // "" is every customer
	EntityID   string   `json:"entity_id"`
	PlanID     string   `json:"plan_id"`
	Statuses   []string `json:"statuses"`
	Cursor     string   `json:"start_cursor"`
	Limit      *int     `json:"limit"`
}

// A listedSubscription is a plan that lasts, in a list of them.
type listedSubscription struct {
	subscriptionJSON
	ownerJSON
}

// A listedPurchase is a plan that was paid once, in a list of them.
type listedPurchase struct {
	purchaseJSON
	Status string `json:"status"` // active or expired
	ownerJSON
}

// ownerJSON says whose a plan is.
type ownerJSON struct {
	CustomerID string     `json:"customer_id"`
	CreatedAt  api.Millis `json:"created_at"` // when it began, or will: nothing earlier is kept
}

// heldPage is a page of subscriptions or purchases. One of every customer may be short, or
// empty, although others follow.
type heldPage struct {
	List fields.Entries `json:"list"`
	More bool           `json:"has_more"`
	Next api.OrNull     `json:"next_cursor"`
}

// listSubscriptions lists plans that last, add-ons among them.
func (c customers) listSubscriptions(ctx context.Context, req api.Request) (any, error) {
	return c.listHeld(ctx, req, "subscriptions", false, func(p catalog.Product, cp billing.CustomerProduct, owner ownerJSON) any {
		out := listedSubscription{subscriptionOf(p, cp, req.Now), owner}
		out.EntityID = cmp.Or(out.EntityID, new(api.OrNull))
		return out
	})
}

// listPurchases lists plans that were paid once.
func (c customers) listPurchases(ctx context.Context, req api.Request) (any, error) {
	return c.listHeld(ctx, req, "purchases", true, func(_ catalog.Product, cp billing.CustomerProduct, owner ownerJSON) any {
		out := listedPurchase{purchaseOf(cp), statusOf(cp, req.Now), owner}
		out.EntityID = cmp.Or(out.EntityID, new(api.OrNull))
		return out
	})
}

func (in listPlansHeld) check() error {
	switch {
	case in.EntityID != "" && in.CustomerID == "":
		return api.InvalidInputs("customer_id: required with entity_id: another customer may have an entity of the same id.")
	case in.Limit != nil && (*in.Limit < 1 || *in.Limit > mostRows):
		return api.InvalidInputs("limit: a whole number from 1 to %d.", mostRows)
	case in.Statuses != nil && len(in.Statuses) == 0:
		return api.InvalidInputs("statuses: name one at least, or leave it out for those that run or are scheduled.")
	}
	for _, s := range in.Statuses {
		switch {
		case !slices.Contains([]string{"active", "scheduled", "past_due", "expired"}, s):
			return api.InvalidInputs("statuses: active, scheduled, past_due or expired, not %.40q.", s)
		case s == "expired" && in.CustomerID == "":
			return api.Invalid("statuses: what has expired is kept with its customer. Pass in customer_id, too, or leave expired out.")
		}
	}
	return nil
}

// wants reports whether a customer product is one that was asked for.
func (in listPlansHeld) wants(req api.Request, cp billing.CustomerProduct) bool {
	if in.PlanID != "" && cp.ProductID != in.PlanID || in.EntityID != "" && cp.Entity.ID != in.EntityID {
		return false
	}
	status := statusOf(cp, req.Now)
	if in.Statuses == nil {
		return status != string(billing.Expired)
	}
	return slices.Contains(in.Statuses, status) || cp.At(req.Now) == billing.PastDue && slices.Contains(in.Statuses, string(billing.PastDue))
}

// A heldPlace is where a page ended: the cursor of the customers before it, and of the
// customer at hand, if some of their rows were shown, the last one.
type heldPlace struct{ customers, customer, row string }

func (p heldPlace) cursor(list string) api.OrNull {
	return api.OrNull(base64.RawURLEncoding.EncodeToString([]byte(list + p.customers + " " + p.customer + " " + p.row)))
}

func readHeldPlace(cursor, list string) (p heldPlace, err error) {
	text, err := readCursor(cursor, list)
	if err != nil || text == "" {
		return p, err
	}
	parts := strings.SplitN(text, " ", 3)
	if len(parts) != 3 || (heldPlace{parts[0], parts[1], parts[2]}).cursor(list) != api.OrNull(cursor) ||
		(parts[1] != "" || parts[2] != "") && !isPlace(parts[2]) {
		return p, errCursor
	}
	return heldPlace{parts[0], parts[1], parts[2]}, nil
}

// rowOf sorts the plans of a customer, so that a page can go on after one that is there no more.
func rowOf(cp billing.CustomerProduct) string {
	return fmt.Sprintf("%015d#%s", cp.StartsAt.UnixMilli(), cp.ID)
}

// listHeld lists plans of one customer, or of every customer: those of the newest first, and
// of each customer the newest first.
func (c customers) listHeld(ctx context.Context, req api.Request, kind string, once bool, show func(catalog.Product, billing.CustomerProduct, ownerJSON) any) (any, error) {
	in, err := api.Decode[listPlansHeld](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	limit := 50
	if in.Limit != nil {
		limit = *in.Limit
	}
	list := fmt.Sprintf("%s %s %q ", kind, req.Env, in.CustomerID)
	from, err := readHeldPlace(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	cat, err := c.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return nil, err
	}
	var out heldPage
	shown := 0
	add := func(s billing.State, products []billing.CustomerProduct) (fits bool, err error) {
		var rows []billing.CustomerProduct
		for _, cp := range products {
			if in.wants(req, cp) && purchased(billing.ProductOf(cat, cp), cp, req.Now) == once && (s.Customer.InternalID != from.customer || rowOf(cp) < from.row) {
				rows = append(rows, cp)
			}
		}
		slices.SortStableFunc(rows, func(a, b billing.CustomerProduct) int { return cmp.Compare(rowOf(b), rowOf(a)) })
		for n, cp := range rows {
			fits, err := shown < limit, error(nil)
			if fits {
				fits, err = out.List.Add(show(billing.ProductOf(cat, cp), cp, ownerJSON{s.Customer.Key(), api.Millis(cp.StartsAt)}))
			}
			if err != nil || !fits {
				if n > 0 {
					from.customer, from.row = s.Customer.InternalID, rowOf(rows[n-1])
				}
				return false, err
			}
			shown++
		}
		from.customer, from.row = "", ""
		return true, nil
	}
	if in.CustomerID == "" {
		page, err := c.app.ListCustomers(ctx, req.Caller, app.CustomerQuery{Cursor: from.customers, Limit: mostCustomers}, func(s billing.State) (bool, error) { return add(s, s.Products) })
		if err != nil {
			return nil, err
		}
		from.customers = page.Next
		out.More = page.Next != "" || from.row != ""
	} else if out.More, err = c.addHeldBy(ctx, req, in, add); err != nil {
		return nil, err
	}
	if out.More {
		out.Next = from.cursor(list)
	}
	if shown == 0 && in.PlanID != "" && !out.More && in.Cursor == "" {
		_, err = cat.ProductVersion(in.PlanID, 0)
	}
	return out, err
}

// addHeldBy adds what one customer has, and had if that is asked for. It reports whether
// others follow.
func (c customers) addHeldBy(ctx context.Context, req api.Request, in listPlansHeld, add func(billing.State, []billing.CustomerProduct) (bool, error)) (more bool, err error) {
	s, err := c.app.GetCustomer(ctx, req.Caller, in.CustomerID)
	if err != nil {
		return false, err
	}
	products, ended := slices.Clone(s.Products), slices.Contains(in.Statuses, string(billing.Expired))
	its := func(cp billing.CustomerProduct) bool {
		return cp.Entity.ID == in.EntityID && cp.At(req.Now) != billing.Expired
	}
	var entity billing.Entity
	if in.EntityID != "" && (ended || !slices.ContainsFunc(products, its)) {
		if entity, err = c.app.Entity(ctx, req.Caller, s.Customer, in.EntityID); err != nil {
			return false, err
		}
	}
	if ended {
		moved, err := c.app.Store.MovedProducts(ctx, req.Env, s.Customer.InternalID)
		if err != nil {
			return false, err
		}
		products = append(products, moved...)
	}
	if entity.ID != "" { // what ended may be of another one that had the id
		products = slices.DeleteFunc(products, func(cp billing.CustomerProduct) bool { return cp.Entity != entity.EntityRef })
	}
	fits, err := add(s, products)
	return !fits, err
}
