package payments

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// CopyCode implements app.Payments. One call, and those of the coupon.
func (s *Stripe) CopyCode(ctx context.Context, env catalog.Env, ref app.Ref, c billing.CodeCopy, r billing.Results) (string, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return "", err
	}
	j := job{account: a, ref: ref, step: "code"}
	coupon, err := j.coupon(ctx, c.Coupon, r)
	if err != nil {
		return "", a.explain(err)
	}
	params := j.codeParams(c, coupon)
	create := func(p stripe.Params) (*stripe.PromotionCode, error) {
		params.Params = p
		return j.codes.New(params)
	}
	made, err := once(ctx, j, "", create, func() (*stripe.PromotionCode, error) { return j.findCode(ctx, c.Terms.Code.Code) })
	if err != nil {
		return "", a.explain(err)
	}
	return made.ID, nil
}

func (j job) codeParams(c billing.CodeCopy, coupon string) *stripe.PromotionCodeParams {
	p := c.Terms.Code
	params := &stripe.PromotionCodeParams{Coupon: &coupon, Code: &p.Code, Customer: known(c.Terms.CustomerID), Metadata: map[string]string{
		metaOperation: j.ref.OperationID, metaEnv: string(j.env), metaCode: p.Code, metaCodeOf: p.CustomerID,
		metaCodeMade: strconv.FormatInt(p.CreatedAt.UnixMilli(), 10), metaRewardKey: p.RewardID, metaMonths: strconv.Itoa(c.CreditMonths)}}
	if c.Shared {
		params.Metadata[metaShared] = "true"
	}
	if !c.Terms.ExpiresAt.IsZero() {
		params.ExpiresAt = stripe.Int64(c.Terms.ExpiresAt.Unix())
	}
	if c.Room > 0 {
		params.MaxRedemptions = stripe.Int64(int64(c.Room))
	}
	if p.FirstTimeOnly || p.Minimum > 0 {
		params.Restrictions = &stripe.PromotionCodeRestrictionsParams{FirstTimeTransaction: &p.FirstTimeOnly}
	}
	if p.Minimum > 0 {
		params.Restrictions.MinimumAmount, params.Restrictions.MinimumAmountCurrency = stripe.Int64(int64(p.Minimum)), stripe.String(string(p.Currency))
	}
	return params
}

// findCode finds the code of this operation, or returns nil.
func (j job) findCode(ctx context.Context, text string) (*stripe.PromotionCode, error) {
	list := j.codes.List(&stripe.PromotionCodeListParams{ListParams: every(ctx), Code: &text})
	for list.Next() {
		if c := list.PromotionCode(); j.made(c.Metadata) {
			return c, nil
		}
	}
	return nil, list.Err()
}

// MadeCode implements app.Payments. One call for each hundred codes of that text.
func (s *Stripe) MadeCode(ctx context.Context, env catalog.Env, operationID, text string) (string, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return "", err
	}
	made, err := job{account: a, ref: app.Ref{OperationID: operationID}}.findCode(ctx, text)
	if err != nil || made == nil {
		return "", a.explain(err)
	}
	return made.ID, nil
}

// CloseCode implements app.Payments. One call.
//
// assumption: no page uses a code that is not active any more, not even one that had
// taken it before, so the count of the answer is the last one.
func (s *Stripe) CloseCode(ctx context.Context, env catalog.Env, id string) (int, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return 0, err
	}
	closed, err := a.codes.Update(id, &stripe.PromotionCodeParams{Params: stripe.Params{Context: ctx}, Active: stripe.Bool(false)})
	if err != nil {
		return 0, a.gone(err)
	}
	return int(closed.TimesRedeemed), nil
}

// typedOn is the code that was typed on a completed page; nil without one, and for
// one that is not a copy of ours. One call where there is one, and those of covered.
func (a account) typedOn(ctx context.Context, page *stripe.CheckoutSession) (*billing.TypedCode, error) {
	if page.TotalDetails == nil || page.TotalDetails.Breakdown == nil {
		return nil, nil
	}
	for _, d := range page.TotalDetails.Breakdown.Discounts {
		if d.Discount == nil || d.Discount.PromotionCode == nil {
			continue
		}
		code, err := a.codes.Get(d.Discount.PromotionCode.ID, &stripe.PromotionCodeParams{Params: stripe.Params{Context: ctx}})
		if err != nil {
			return nil, err
		}
		if code.Metadata[metaRewardKey] == "" || code.Metadata[metaEnv] != string(a.env) {
			return nil, nil
		}
		return a.typedCode(ctx, code, money.Amount(d.Amount), money.Currency(page.Currency))
	}
	return nil, nil
}

func (a account) typedCode(ctx context.Context, code *stripe.PromotionCode, off money.Amount, currency money.Currency) (*billing.TypedCode, error) {
	coupon, about := code.Coupon, code.Metadata
	made, _ := strconv.ParseInt(about[metaCodeMade], 10, 64) // written by codeParams
	t := &billing.TypedCode{Off: off, CopyID: code.ID, Shared: about[metaShared] != "", Given: billing.Given{RewardID: coupon.Metadata[metaRewardID], InternalID: about[metaRewardKey],
		Code: about[metaCode], CodeOf: about[metaCodeOf], CodeMade: time.UnixMilli(made).UTC(), Months: int(coupon.DurationInMonths),
		Discount: reward.Discount{Amount: money.Amount(coupon.AmountOff), Currency: money.Currency(coupon.Currency)}}}
	for ours, theirs := range durations {
		if theirs == coupon.Duration {
			t.Given.Duration = ours
		}
	}
	var err error
	if t.Given.Discount.Amount == 0 {
		t.Given.Discount.Currency = currency
		if t.Given.Discount.Percent, err = money.StoredDecimal(fmt.Sprint(coupon.PercentOff)); err != nil { // the shortest text, as Stripe sent it
			return nil, err
		}
	}
	if t.Given.Discount.Items, err = a.covered(ctx, coupon.ID); err != nil {
		return nil, err
	}
	if coupon.Metadata[metaCredits] != "" {
		months, _ := strconv.Atoi(about[metaMonths])
		t.Given.Credits = &billing.GivenCredits{Amount: t.Given.Discount.Amount, Months: months, Scoped: t.Given.Discount.Items != nil}
	}
	return t, nil
}
