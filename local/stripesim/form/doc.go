// Package form reads Stripe's request parameters: a[b][0][c]=d. It knows which
// parameters an endpoint takes and refuses the others with Stripe's words.
//
// A schema is one line of text per endpoint:
//
//	customer! quantity:i active:b expires_at:t start_date:tn percent_off:d
//	metadata:m mode:(payment,setup,subscription) recurring:{interval! interval_count:i}
//	items:[{price quantity:i}] expand:[s]
//
// A bare name is a string; ! means required; i integer, b boolean, t Unix time,
// tn Unix time or "now", d decimal number, m a map of strings,
// r a time or a range of times.
package form
