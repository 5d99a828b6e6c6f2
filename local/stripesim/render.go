package stripesim

import (
	"bytes"
	"encoding/json"

	"windfall/local/stripesim/object"
)

// render is the JSON of a result, with what the caller asked to expand.
func (t *tx) render(result any, expand []string) ([]byte, error) {
	t.freshen(result)
	body, err := object.Encode(outline(result))
	if err != nil || len(expand) == 0 {
		return body, err
	}
	tree, err := decodeTree(body)
	if err != nil {
		return nil, err
	}
	for _, path := range expand {
		if err := t.expand(tree, path); err != nil {
			return nil, err
		}
	}
	return object.Encode(tree)
}

// decodeTree keeps numbers as they were written.
func decodeTree(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	err := d.Decode(&tree)
	return tree, err
}

// tree is an object as JSON has it, ready to be put into another one.
func (t *tx) tree(v any) any {
	t.freshen(v)
	body, err := object.Encode(outline(v))
	if err != nil {
		return nil
	}
	tree, _ := decodeTree(body)
	return tree
}

// freshen replaces the prices and coupons that an object carries inside by
// their present state, as Stripe renders them live.
func (t *tx) freshen(v any) {
	switch o := v.(type) {
	case *object.Subscription:
		for _, item := range o.Items.Data {
			t.freshPrice(&item.Price)
		}
		t.freshDiscount(&o.Discount)
	case *object.Invoice:
		for _, line := range o.Lines.Data {
			t.freshPrice(&line.Price)
		}
		t.freshDiscount(&o.Discount)
	case *object.SubscriptionItem:
		t.freshPrice(&o.Price)
	case *object.Customer:
		t.freshDiscount(&o.Discount)
	case *object.PromotionCode:
		if c, ok := find[*object.Coupon](t, o.Coupon.ID); ok {
			o.Coupon = c
		}
	case pageOf:
		for _, r := range o.rows() {
			t.freshen(r)
		}
	}
}

func (t *tx) freshPrice(p **object.Price) {
	if *p == nil {
		return
	}
	if now, ok := find[*object.Price](t, (*p).ID); ok && now != *p {
		*p = now
	}
}

func (t *tx) freshDiscount(d **object.Discount) {
	if *d == nil {
		return
	}
	if now, ok := find[*object.Coupon](t, (*d).Coupon.ID); ok && now != (*d).Coupon {
		c := **d
		c.Coupon = now
		*d = &c
	}
}
