package stripesim

import (
	"bytes"
	"encoding/json"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// render is the JSON of a result, with what the caller asked to expand.
func (t *tx) render(result any, expand []string) ([]byte, error) {
	body, err := t.body(result)
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

// body is the JSON of a result. That of an invoice or a subscription as it was last
// committed is kept for a while: each event about one makes a receiver read it.
func (t *tx) body(result any) ([]byte, error) {
	r, ok := result.(object.Row)
	if ok = ok && t.Empty() && t.keeps(r); ok {
		if body := t.s.bodies.of(r); body != nil {
			return body, nil
		}
	}
	t.freshen(result)
	body, err := object.Encode(outline(result))
	if ok && err == nil {
		t.s.bodies.keep(r, body)
	}
	return body, err
}

// keeps tells whether a row is as it was last committed, of a kind whose JSON is kept.
func (t *tx) keeps(r object.Row) bool {
	switch r.(type) {
	case *object.Invoice, *object.Subscription:
		now, ok := t.Committed(store.KeyOf(r))
		return ok && now == r
	}
	return false
}

// bodies are the JSON of the rows that were read last.
type bodies struct {
	rows  [8]object.Row
	texts [8][]byte
	next  int
}

func (s *bodies) of(r object.Row) []byte {
	for i, have := range s.rows {
		if have == r {
			return s.texts[i]
		}
	}
	return nil
}

func (s *bodies) keep(r object.Row, body []byte) {
	s.rows[s.next], s.texts[s.next] = r, body
	s.next = (s.next + 1) % len(s.rows)
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
