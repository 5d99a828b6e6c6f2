package stripesim

import (
	"strings"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// kindOfField says which objects the ids in a field stand for.
var kindOfField = map[string][]string{
	"customer": {"customer"}, "default_payment_method": {"payment_method"}, "payment_method": {"payment_method"},
	"latest_invoice": {"invoice"}, "invoice": {"invoice"}, "payment_intent": {"payment_intent"},
	"charge": {"charge"}, "latest_charge": {"charge"}, "subscription": {"subscription"}, "product": {"product"},
	"default_price": {"price"}, "price": {"price"}, "schedule": {"subscription_schedule"}, "promotion_code": {"promotion_code"},
	"setup_intent": {"setup_intent"}, "pending_setup_intent": {"setup_intent"}, "test_clock": {"test_helpers.test_clock"},
	"discounts": {"discount"}, "discount": {"discount"}, "coupon": {"coupon"}, "refund": {"refund"},
	"customer_balance_transaction": {"customer_balance_transaction"}, "credit_note": {"credit_note"},
	"invoice_item": {"invoiceitem"}, "configuration": {"billing_portal.configuration"},
	"default_source": nil, "application": nil, "on_behalf_of": nil, "balance_transaction": nil, "mandate": nil, "latest_attempt": nil,
	"review": nil, "payment_link": nil, "quote": nil, "latest_revision": nil, "tax_code": nil, "account_tax_ids": nil,
}

const deepest = 4

// expand puts the object behind the dotted path into the tree.
func (t *tx) expand(tree any, path string) error {
	parts := strings.Split(path, ".")
	levels := len(parts)
	if parts[0] == "data" {
		levels--
	}
	if levels > deepest {
		return invalid("expand", "You cannot expand more than %d levels of a property. Property: %s", deepest, path)
	}
	return t.walk(tree, parts, path, part{})
}

// part is the object that a piece of JSON is a part of.
type part struct{ kind, id string }

// walk goes down one name.
func (t *tx) walk(tree any, parts []string, path string, owner part) error {
	switch v := tree.(type) {
	case []any:
		for _, one := range v {
			if err := t.walk(one, parts, path, owner); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		if kind, ok := v["object"].(string); ok && kind != "list" {
			owner.kind = kind
			owner.id, _ = v["id"].(string)
		}
		return t.step(v, parts, path, owner)
	}
	return nil
}

func (t *tx) step(v map[string]any, parts []string, path string, owner part) error {
	name := parts[0]
	if v["deleted"] == true {
		return nil // no more than that is left of it
	}
	if extra, ok := t.hidden(v, owner, name); ok {
		v[name] = extra
	}
	child, known := v[name]
	if !known && included[owner.kind+"."+name] {
		return nil // this one has none
	}
	if !known {
		return invalid("expand", "This property cannot be expanded (%s).", path)
	}
	v[name] = t.resolve(name, child)
	if len(parts) > 1 {
		return t.walk(v[name], parts[1:], path, owner)
	}
	if _, expandable := kindOfField[name]; !expandable && !included[owner.kind+"."+name] {
		return invalid("expand", "This property cannot be expanded (%s).", path)
	}
	return nil
}

// resolve replaces ids by the objects they stand for.
func (t *tx) resolve(name string, child any) any {
	switch id := child.(type) {
	case string:
		for _, kind := range kindOfField[name] {
			if r, ok := t.Lookup(store.Key{Kind: kind, ID: id}); ok {
				return t.tree(shown(r))
			}
		}
	case []any:
		for i, one := range id {
			id[i] = t.resolve(name, one)
		}
	}
	return child
}

// shown is what is left to see of an object.
func shown(r object.Row) any {
	if c, ok := r.(*object.Customer); ok && c.State.Deleted {
		return object.Deleted{ID: c.ID, Object: "customer", Deleted: true}
	}
	return r
}

// included are properties that are absent until they are asked for.
var included = map[string]bool{
	"price.tiers": true, "coupon.applies_to": true, "checkout.session.line_items": true, "checkout.session.breakdown": true,
	"customer.subscriptions": true, "customer.sources": true, "customer.tax": true, "charge.refunds": true,
	"price.currency_options": true, "coupon.currency_options": true, "customer.cash_balance": true,
}

// hidden computes an included property.
func (t *tx) hidden(v map[string]any, owner part, name string) (any, bool) {
	if !included[owner.kind+"."+name] {
		return nil, false
	}
	id := owner.id
	switch owner.kind + "." + name {
	case "price.tiers":
		if p, ok := find[*object.Price](t, id); ok && p.State.Tiers != nil {
			return t.tree(p.State.Tiers), true
		}
	case "coupon.applies_to":
		if c, ok := find[*object.Coupon](t, id); ok && c.State.Products != nil {
			return t.tree(object.AppliesTo{Products: c.State.Products}), true
		}
	case "checkout.session.line_items":
		if c, ok := find[*object.CheckoutSession](t, id); ok {
			return t.tree(first(object.NewList("/v1/checkout/sessions/"+id+"/line_items", c.State.Lines))), true
		}
	case "checkout.session.breakdown":
		if c, ok := find[*object.CheckoutSession](t, id); ok {
			return t.tree(t.breakdown(c)), true
		}
	case "customer.subscriptions":
		return t.tree(object.NewList("/v1/customers/"+id+"/subscriptions", t.openSubscriptions(id))), true
	case "charge.refunds":
		return t.tree(first(object.NewList("/v1/charges/"+id+"/refunds", ownedBy[*object.Refund](t, id)))), true
	case "customer.sources":
		return t.tree(object.NewList[object.Null]("/v1/customers/"+id+"/sources", nil)), true
	case "customer.tax":
		return t.tree(object.CustomerTax{AutomaticTax: "not_collecting"}), true
	}
	return v[name], v[name] != nil
}
