package stripesim

import "windfall/local/stripesim/object"

// firstPage is how many entries of a list an object shows that holds it. The
// others are read from the list's URL.
//
// https://docs.stripe.com/api/invoice-line-item/retrieve
//
// assumption: Stripe says "the first handful" of an invoice's lines; it is ten, as
// in the first page of any list, and the same for all lists inside objects.
const firstPage = 10

// first is a list as an object shows it.
func first[T any](l object.List[T]) object.List[T] {
	if len(l.Data) > firstPage {
		l.Data, l.HasMore = l.Data[:firstPage:firstPage], true
	}
	return l
}

// outline is a result as it is shown: with the first entries of its lists. What
// it was made of stays whole.
func outline(v any) any {
	switch o := v.(type) {
	case *object.Invoice:
		c := *o
		c.Lines = first(o.Lines)
		return &c
	case *object.Subscription:
		c := *o
		c.Items = first(o.Items)
		return &c
	case *object.CreditNote:
		c := *o
		c.Lines = first(o.Lines)
		return &c
	case object.List[*object.Subscription]:
		return outlines(first(o))
	case pageOf:
		return o.outlined()
	}
	return v
}

// outlines is a list of outlines.
func outlines[T any](l object.List[T]) object.List[any] {
	out := object.List[any]{Object: l.Object, Data: []any{}, HasMore: l.HasMore, URL: l.URL}
	for _, r := range l.Data {
		out.Data = append(out.Data, outline(r))
	}
	return out
}
