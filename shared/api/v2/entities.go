package v2

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Entities serves entities.*: seats, workspaces or projects of a customer that have
// balances of their own.
func Entities(a *app.App) api.Dialect {
	e := entities{a}
	get := reads("POST /v1/entities.get", "GET /v1/customers/{customer_id}/entities/{entity_id}", e.get)
	list := reads("POST /v1/entities.list", "GET /v1/customers/{customer_id}/entities", e.list)
	get.Expands, list.Expands = true, true
	return dialect(get, list,
		changes("POST /v1/entities.create", "POST /v1/customers/{customer_id}/entities", e.create),
		changes("POST /v1/entities.update", "", e.update),
		changes("POST /v1/entities.delete", "DELETE /v1/customers/{customer_id}/entities/{entity_id}", e.delete))
}

type entities struct{ app *app.App }

// listedEntityJSON is an entity without what it holds.
type listedEntityJSON struct {
	ID         string      `json:"id"`
	AutumnID   string      `json:"autumn_id"`
	Name       api.OrNull  `json:"name"`
	CustomerID string      `json:"customer_id"`
	FeatureID  string      `json:"feature_id"`
	CreatedAt  api.Millis  `json:"created_at"`
	Env        catalog.Env `json:"env"`
}

func listedEntity(req api.Request, customerID string, e billing.Entity) listedEntityJSON {
	return listedEntityJSON{e.ID, e.InternalID, api.OrNull(e.Name), customerID, e.FeatureID, api.Millis(e.CreatedAt), req.Env}
}

// entityJSON is an entity with the plans of its customer and its own, and with what it may use.
type entityJSON struct {
	listedEntityJSON
	Subscriptions []subscriptionJSON     `json:"subscriptions"`
	Purchases     []purchaseJSON         `json:"purchases"`
	Balances      map[string]balanceJSON `json:"balances"`
	Flags         map[string]flagJSON    `json:"flags"`
	Invoices      *[]invoiceJSON         `json:"invoices,omitempty"`
}

func entityAnswer(req api.Request, cat *catalog.Catalog, view app.EntityView, expand []string) entityJSON {
	s := view.Customer
	cat = s.In(cat)
	s.Products = productsOf(s, view.Entity)
	s.Balances = view.Balances
	may := customerJSON{Balances: map[string]balanceJSON{}, Flags: map[string]flagJSON{}}
	may.addBalances(req, cat, s, expand)
	out := entityJSON{listedEntityJSON: listedEntity(req, s.Customer.Key(), view.Entity), Balances: may.Balances, Flags: may.Flags}
	out.Subscriptions, out.Purchases = holdings(cat, s.Products, req.Now)
	addPlans(cat, req.Env, s.Products, out.Subscriptions, out.Purchases, expand)
	return out
}

// productsOf are the products of an entity: its own and those of its customer.
func productsOf(s billing.State, e billing.Entity) []billing.CustomerProduct {
	return slices.DeleteFunc(slices.Clone(s.Products), func(cp billing.CustomerProduct) bool { return cp.Entity.ID != "" && cp.Entity.ID != e.ID })
}

// answer reads an entity afresh and encodes it.
func (e entities) answer(ctx context.Context, req api.Request, customerID, id string, expand []string) (any, error) {
	view, err := e.app.GetEntity(ctx, req.Caller, customerID, id)
	if err != nil {
		return nil, err
	}
	cat, err := e.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return nil, err
	}
	out := entityAnswer(req, cat, view, expand)
	if slices.Contains(expand, "invoices") {
		invoices, err := e.app.EntityInvoices(ctx, req.Caller, view)
		if err != nil {
			return nil, err
		}
		out.Invoices = &[]invoiceJSON{}
		for _, i := range invoices {
			*out.Invoices = append(*out.Invoices, invoiceAnswer(i))
		}
	}
	return out, nil
}

// namedEntity is how a call names an entity: ids are of one customer.
type namedEntity struct {
	CustomerID string `json:"customer_id"`
	EntityID   string `json:"entity_id"`
}

func (in namedEntity) check() error {
	switch {
	case in.CustomerID == "":
		return api.InvalidInputs("customer_id: required: another customer may have an entity of the same id.")
	case in.EntityID == "":
		return api.InvalidInputs("entity_id: required.")
	}
	return nil
}

func (e entities) create(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		namedEntity
		Name      string               `json:"name"`
		FeatureID string               `json:"feature_id"`
		Data      *fields.CustomerData `json:"customer_data"`
		Controls  controlsField        `json:"billing_controls"`
	}](req)
	if err == nil {
		err = in.check()
	}
	if err == nil && in.FeatureID == "" {
		err = api.InvalidInputs("feature_id: required.")
	}
	if err != nil {
		return nil, err
	}
	data := in.Data.Data()
	made, err := e.app.CreateEntities(ctx, req.Caller, app.CreateEntities{CustomerID: in.CustomerID, Data: data, MakeCustomer: data.Given(),
		Entities: []billing.NewEntity{{ID: in.EntityID, Name: in.Name, FeatureID: in.FeatureID}}})
	if err != nil {
		return nil, err
	}
	return e.answer(ctx, req, in.CustomerID, made[0].ID, nil)
}

var expandableOfEntity = []string{"invoices", "subscriptions.plan", "purchases.plan", "balances.feature", "flags.feature"}

// expandableOfEntities are those of a list, whose invoices are read one by one.
var expandableOfEntities = expandableOfEntity[1:]

func (e entities) get(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		namedEntity
		Expand fields.Expand `json:"expand"`
	}](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	expand, err := in.Expand.Names(req, expandableOfEntity)
	if err != nil {
		return nil, err
	}
	return e.answer(ctx, req, in.CustomerID, in.EntityID, expand)
}

// update changes the name, which is all that can change of an entity.
func (e entities) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		namedEntity
		Name     *string       `json:"name"`
		Controls controlsField `json:"billing_controls"`
	}](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	if in.Name != nil {
		if _, err := e.app.RenameEntity(ctx, req.Caller, in.CustomerID, in.EntityID, *in.Name); err != nil {
			return nil, err
		}
	}
	return e.answer(ctx, req, in.CustomerID, in.EntityID, nil)
}

func (e entities) delete(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[namedEntity](req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	return succeeded, e.app.DeleteEntity(ctx, req.Caller, in.CustomerID, in.EntityID)
}

// list answers a page of a customer's entities in the order of their creation.
func (e entities) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		CustomerID string        `json:"customer_id"`
		Cursor     string        `json:"start_cursor"`
		Limit      *int          `json:"limit"`
		Search     string        `json:"search"`
		Expand     fields.Expand `json:"expand"`
		planFilter
	}](req)
	if err != nil {
		return nil, err
	}
	expand, err := in.Expand.Names(req, expandableOfEntities)
	if err != nil {
		return nil, err
	}
	q := app.EntityQuery{Limit: mostCustomers}
	switch {
	case in.CustomerID == "":
		return nil, api.InvalidInputs("customer_id: required: entities are listed by their customer.")
	case in.Limit != nil && (*in.Limit < 1 || *in.Limit > 5000):
		return nil, api.InvalidInputs("limit: a whole number from 1 to 5000.")
	case in.Limit != nil:
		q.Limit = min(*in.Limit, mostCustomers)
	}
	if q.Search, err = billing.CheckSearch(in.Search); err != nil {
		return nil, err
	}
	place := placeOfEntities(req.Env, in.CustomerID, q.Search, in.planFilter)
	if q.After, err = readEntityCursor(in.Cursor, place); err != nil {
		return nil, err
	}
	cat, err := e.app.Store.Catalog(ctx, req.Env, false)
	if err == nil {
		err = in.planFilter.check(cat)
	}
	if err != nil {
		return nil, err
	}
	if in.asks() {
		q.Fits = func(s billing.State, entity billing.Entity) bool {
			return in.fits(s.Customer, productsOf(s, entity), req.Now)
		}
	}
	views, next, err := e.app.EntityPage(ctx, req.Caller, in.CustomerID, q)
	if err != nil {
		return nil, err
	}
	var page cursorPage
	for i, view := range views {
		fits, err := page.List.Add(entityAnswer(req, cat, view, expand))
		if err != nil {
			return nil, err
		}
		if !fits {
			next = views[i-1].Entity.Number
			break
		}
	}
	if next > 0 {
		page.Next = entityCursor(next, place)
	}
	return page, nil
}

// placeOfEntities is how a cursor names its list: by its customer, and by what narrows it down.
func placeOfEntities(env catalog.Env, customerID, search string, only planFilter) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %+v", env, customerID, search, only))
	return "entities " + string(sum[:6])
}

func entityCursor(number int64, list string) api.OrNull {
	return api.OrNull(base64.RawURLEncoding.EncodeToString([]byte(list + strconv.FormatInt(number, 10))))
}

// readEntityCursor reads a cursor that a page of a list gave; "" begins the list.
func readEntityCursor(cursor, list string) (int64, error) {
	text, err := readCursor(cursor, list)
	if err != nil || text == "" {
		return 0, err
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 || entityCursor(number, list) != api.OrNull(cursor) {
		return 0, errCursor
	}
	return number, nil
}
