package ledger

import (
	"math/big"
	"slices"

	"windfall/shared/money"
)

// apart puts lines of ours that waited for an invoice on invoices of their own, each
// where it took effect: seats may have been freed between two of them. Their share of
// the money is that of the invoice's.
func apart(invoices []Invoice) (out []Invoice) {
	for _, in := range invoices {
		rest := in
		rest.Lines = slices.Clone(in.Lines)
		rest.Lines = slices.DeleteFunc(rest.Lines, func(l Line) bool { return l.waited(in) })
		if len(rest.Lines) == len(in.Lines) || len(rest.Lines) == 0 && len(in.Lines) == 1 {
			out = append(out, in)
			continue
		}
		given := money.Amount(0) // by credits of ours
		for _, l := range in.Lines {
			if l.waited(in) && l.Amount < 0 {
				given += l.Off - l.Amount
			}
		}
		for _, l := range in.Lines {
			if !l.waited(in) {
				continue
			}
			own := Invoice{CreatedAt: l.Period.Start, Total: l.Amount - l.Off, Draft: in.Draft, Collected: in.Collected, Lines: []Line{l}}
			if own.Total > 0 {
				own.Paid, own.Due = part(own.Total, in.Paid+given, in.Total+given), part(own.Total, in.Due, in.Total+given)
				rest.Paid, rest.Due = rest.Paid-own.Paid, rest.Due-own.Due
			} else {
				rest.Paid -= own.Total
			}
			rest.Total -= own.Total
			out = append(out, own)
		}
		if rest.Paid = max(0, rest.Paid); len(rest.Lines) > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// waited reports whether a line of ours was made before its invoice, and by another
// command.
func (l Line) waited(in Invoice) bool {
	return l.Ours && l.SubscriptionID != "" && l.Operation != "" && l.Operation != in.Operation
}

// part is the share of an amount that some of a total is. A total of nothing is paid by
// the credits on it.
func part(amount, some, total money.Amount) money.Amount {
	if total <= 0 {
		return amount
	}
	share := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(int64(min(some, total))))
	return money.Amount(share.Quo(share, big.NewInt(int64(total))).Int64())
}
