package payments

import (
	"context"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// Balance implements app.Payments. One call for each hundred transactions, of which
// Stripe lists the newest first.
func (s *Stripe) Balance(ctx context.Context, env catalog.Env, stripeID, cursor string, since time.Time) ([]credit.Transaction, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	all, err := a.balance(ctx, stripeID, cursor, since)
	return all, a.gone(err)
}

func (a account) balance(ctx context.Context, stripeID, cursor string, since time.Time) (all []credit.Transaction, err error) {
	list := a.balances.List(&stripe.CustomerBalanceTransactionListParams{ListParams: every(ctx), Customer: &stripeID})
	for list.Next() {
		t := list.CustomerBalanceTransaction()
		if t.ID == cursor || cursor == "" && moment(t.Created).Before(since.Add(-memory)) {
			break
		}
		all = append(all, transactionOf(t))
	}
	if err := list.Err(); err != nil {
		return nil, err
	}
	slices.Reverse(all)
	return all, nil
}

func transactionOf(t *stripe.CustomerBalanceTransaction) credit.Transaction {
	out := credit.Transaction{ID: t.ID, Amount: money.Amount(t.Amount), Ending: money.Amount(t.EndingBalance), At: moment(t.Created),
		Unused: t.Type == stripe.CustomerBalanceTransactionTypeUnappliedFromInvoice,
		Post:   credit.Post{Key: t.Metadata[metaPost], Kind: credit.PostKind(t.Metadata[metaPostKind]), GrantID: t.Metadata[metaGrant], Invoice: t.Metadata[metaPostOf]}}
	if t.Invoice != nil {
		out.Invoice = t.Invoice.ID
	}
	return out
}

// postCredits puts credits on the balance of the operation's customer, or takes them
// off, each once, and reads what became of the balance. One call for each, and those
// of balance. Each has a key of its own, because a later operation may ask for it
// again. The results have no customer where Stripe has deleted them. Where it only does
// not know them the key may be another account's, and they are asked for again later.
func (j job) postCredits(ctx context.Context, n *billing.PostCredits, r billing.Results) (_ billing.Results, err error) {
	for _, p := range n.Posts {
		if err = j.post(ctx, p, r.CustomerID); err != nil {
			break
		}
	}
	if err == nil {
		r.Balance, err = j.balance(ctx, r.CustomerID, n.Cursor, n.Since)
	}
	if !missing(err) {
		return r, err
	}
	payer, err := j.withoutCard(ctx, r.CustomerID)
	if r.Unknown = !payer.Deleted; payer.Deleted {
		r.CustomerID = ""
	}
	return r, err
}

func (j job) post(ctx context.Context, p credit.Post, stripeID string) error {
	about := map[string]string{metaEnv: string(j.env), metaPost: p.Key, metaPostKind: string(p.Kind)} // whichever operation asks
	if p.GrantID != "" {
		about[metaGrant] = p.GrantID
	}
	if p.Invoice != "" {
		about[metaPostOf] = p.Invoice
	}
	create := func(params stripe.Params) (*stripe.CustomerBalanceTransaction, error) {
		return j.balances.New(&stripe.CustomerBalanceTransactionParams{Params: params, Customer: &stripeID, Amount: stripe.Int64(int64(p.Amount)),
			Currency: stripe.String(string(p.Currency)), Description: &p.Text, Metadata: about})
	}
	find := func() (*stripe.CustomerBalanceTransaction, error) {
		list := j.balances.List(&stripe.CustomerBalanceTransactionListParams{ListParams: every(ctx), Customer: &stripeID})
		for list.Next() {
			if t := list.CustomerBalanceTransaction(); t.Metadata[metaPost] == p.Key {
				return t, nil
			}
		}
		return nil, list.Err()
	}
	j.ref.OperationID, j.ref.CreatedAt, j.step = stripeID+"/"+p.Key, p.Since, "balance"
	_, err := once(ctx, j, "", create, find)
	return err
}

// CreditBill implements app.Payments. One call, and one for each hundred lines of a long
// invoice.
func (s *Stripe) CreditBill(ctx context.Context, env catalog.Env, invoiceID string) (credit.Bill, error) {
	in, err := s.wholeInvoice(ctx, env, invoiceID)
	if err != nil {
		return credit.Bill{}, err
	}
	return billOf(in), nil
}

// billOf is what an invoice charges for each item, and what credits pay of it.
func billOf(in *stripe.Invoice) credit.Bill {
	out := credit.Bill{Draft: in.Status == stripe.InvoiceStatusDraft, Currency: money.Currency(in.Currency), Total: money.Amount(in.Total) - onTop(in), Paid: map[string]money.Amount{}}
	if in.Subscription != nil {
		out.Subscription = in.Subscription.ID
	}
	if in.Lines == nil {
		return out
	}
	out.Lines = len(in.Lines.Data)
	for _, l := range in.Lines.Data {
		if id := aboutLine(l)[metaGrant]; id != "" {
			out.Paid[id] -= money.Amount(l.Amount)
			continue
		}
		net := l.Amount
		for _, d := range l.DiscountAmounts {
			net -= d.Amount
		}
		out.Charges = append(out.Charges, credit.Charge{ItemID: soldItem(aboutLine(l), l.Price), Amount: money.Amount(net)})
	}
	return out
}

// payByCredits adds the lines by which credits pay to a draft: no more than it charges
// for their items, and than it comes to. None without credits, else one call to read
// it, and one for each line.
func (j job) payByCredits(ctx context.Context, draftID string, n *billing.NewInvoice, r billing.Results) error {
	if len(n.Credits) == 0 {
		return nil
	}
	draft, err := j.getInvoice(ctx, draftID)
	if err != nil {
		return err
	}
	if err := j.readLines(ctx, draft); err != nil {
		return err
	}
	in := billOf(draft)
	room := in.Total
	for _, use := range n.Credits {
		if in.Paid[use.GrantID] > 0 {
			continue // by an earlier try
		}
		use.Amount = -min(-use.Amount, room, credit.Covered(in.Charges, use.Pays))
		if use.Amount == 0 {
			continue
		}
		room += use.Amount
		if _, err := j.billUse(ctx, &use, draftID, r); err != nil {
			return err
		}
	}
	return nil
}

// withoutCredits deletes the lines of a draft by which credits pay for what is taken off
// it, and all of them where the rest would come to less than nothing. They are the
// customer's again once the draft is looked at.
func (j job) withoutCredits(ctx context.Context, draft *stripe.Invoice, off []unbegunLine) (*stripe.Invoice, error) {
	changed, rest, items := false, draft.Total-int64(onTop(draft)), map[string]bool{}
	for _, l := range off {
		rest -= l.amount
		items[soldItem(aboutLine(l.line), l.line.Price)] = true
	}
	for _, l := range draft.Lines.Data {
		if aboutLine(l)[metaGrant] == "" || l.InvoiceItem == nil || len(off) == 0 || rest >= 0 && !items[aboutLine(l)[metaItem]] {
			continue
		}
		changed = true
		_, err := j.invoiceItems.Del(l.InvoiceItem.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}})
		if err != nil && !missing(err) {
			return nil, err
		}
	}
	if !changed {
		return draft, nil
	}
	in, err := j.getInvoice(ctx, draft.ID)
	if err != nil {
		return nil, err
	}
	return in, j.readLines(ctx, in)
}
