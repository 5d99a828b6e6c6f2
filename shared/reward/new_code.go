package reward

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// NewCode asks for a promotion code. Limits of 0 are none, and so is a zero time.
type NewCode struct {
	Code           string // in any case; never "", the caller of the rule makes one up
	CustomerID     string // internal id; "" is anybody
	CustomerKey    string
	Max            int
	MaxPerCustomer int
	ExpiresAt      time.Time
	FirstTimeOnly  bool
	Minimum        money.Decimal  // major units
	Currency       money.Currency // of Minimum; "" is AmountIn
	AmountIn       money.Currency // what an amount of the reward is in, else the environment's
	Metadata       map[string]string
	Inactive       bool
}

// The limits of codes. Stripe's for metadata, ours for the rest: a transaction
// takes 100 rows.
//
// Source: https://docs.stripe.com/metadata
const (
	MaxCodes      = 100 // in the list of a reward that a request sends
	MaxNewCodes   = 40  // of them made by one request
	maxMetadata   = 50  // keys
	maxMetaKey    = 40
	maxMetaValue  = 500
	maxMetaBytes  = 32 << 10   // of all of a code's, as JSON within JSON
	longestNumber = 99_999_999 // of an amount that Stripe takes, in minor units
)

// DecideCode returns a new promotion code under a reward, if its limits are not
// beyond the reward's. Whether its text is free is DecideText's. The error is
// invalid_promo_code.
func DecideCode(r catalog.Reward, used int, cmd NewCode, now time.Time) (PromoCode, error) {
	p := PromoCode{Code: catalog.NormalCode(cmd.Code), RewardID: r.InternalID, CustomerID: cmd.CustomerID, CustomerKey: cmd.CustomerKey,
		Max: cmd.Max, MaxPerCustomer: cmd.MaxPerCustomer, ExpiresAt: cmd.ExpiresAt, FirstTimeOnly: cmd.FirstTimeOnly,
		Metadata: cmd.Metadata, Inactive: cmd.Inactive, CreatedAt: now}
	switch {
	case !catalog.PossibleCode(p.Code):
		return p, refusal.Invalid(ReasonCodeForm, p.Code, catalog.MaxCode)
	case r.Ended(used, now):
		return p, refusal.Invalid(ReasonCodeRewardEnded, p.Code, r.ID)
	case p.Max < 0 || p.Max > catalog.MaxUses || p.MaxPerCustomer < 0 || p.MaxPerCustomer > catalog.MaxUses:
		return p, refusal.Invalid(ReasonCodeLimit, p.Code, catalog.MaxUses)
	case r.Max > 0 && p.Max > r.Max:
		return p, refusal.Invalid(ReasonCodeLimitBeyond, p.Code, p.Max, r.Max)
	case r.MaxPerCustomer > 0 && p.MaxPerCustomer > r.MaxPerCustomer:
		return p, refusal.Invalid(ReasonCodeLimitBeyond, p.Code, p.MaxPerCustomer, r.MaxPerCustomer)
	case p.Max > 0 && p.MaxPerCustomer > p.Max:
		return p, refusal.Invalid(ReasonCodeLimitBeyond, p.Code, p.MaxPerCustomer, p.Max)
	case !p.ExpiresAt.IsZero() && !p.ExpiresAt.After(now):
		return p, refusal.Invalid(ReasonCodeExpired, p.Code)
	case !r.RedeemBy.IsZero() && p.ExpiresAt.After(r.RedeemBy):
		return p, refusal.Invalid(ReasonCodeExpiryBeyond, p.Code, r.RedeemBy.UnixMilli())
	}
	if err := p.restrict(r, cmd); err != nil {
		return p, err
	}
	return p, p.CheckMetadata()
}

// restrict sets the least amount that a purchase must have.
func (p *PromoCode) restrict(r catalog.Reward, cmd NewCode) error {
	currency := cmp.Or(cmd.Currency, cmd.AmountIn)
	amount := cmd.Minimum.Shift(currency.Exponent())
	switch {
	case cmd.Minimum.IsZero() && cmd.Currency == "":
		return nil
	case cmd.Minimum.IsZero():
		return refusal.Invalid(ReasonCodeCurrencyAlone, p.Code)
	case r.Discount != nil && r.Type != catalog.PercentageDiscount && currency != cmd.AmountIn:
		return refusal.Invalid(ReasonCodeCurrency, p.Code, currency, cmd.AmountIn)
	case !currency.Known():
		return refusal.Invalid(ReasonCodeCurrencyUnknown, p.Code, currency)
	case !amount.IsPositive() || !cmd.Minimum.Equal(cmd.Minimum.Truncate(currency.Decimals())) || amount.GreaterThan(money.Int(longestNumber)):
		return refusal.Invalid(ReasonCodeMinimum, p.Code, cmd.Minimum, currency)
	case r.Type.Gift():
		return refusal.Invalid(ReasonCodeMinimumOfAGift, p.Code)
	}
	p.Minimum, p.Currency = money.Amount(amount.IntPart()), currency
	return nil
}

// CheckMetadata refuses notes beyond Stripe's limits, and beyond what lets a hundred
// codes into one answer and one transaction. Plain notes are never beyond that; what
// JSON within JSON escapes counts as often as it is written.
func (p PromoCode) CheckMetadata() error {
	metadata := p.Metadata
	no := refusal.Invalid(ReasonCodeMetadata, p.Code, maxMetadata, maxMetaKey, maxMetaValue, maxMetaBytes)
	if len(metadata) > maxMetadata {
		return no
	}
	for k, v := range metadata {
		if k == "" || utf8.RuneCountInString(k) > maxMetaKey || utf8.RuneCountInString(v) > maxMetaValue {
			return no
		}
	}
	if bytesOf(metadata) > maxMetaBytes {
		return no
	}
	return nil
}

// bytesOf is how long notes are in an answer of a function: JSON within JSON.
func bytesOf(metadata map[string]string) int {
	n := 0
	for k, v := range metadata {
		n += len(`\"\":\"\",`)
		for _, r := range k + v {
			switch {
			case r == '"' || r == '\\':
				n += len(`\\\"`)
			case strings.ContainsRune("\b\f\n\r\t", r):
				n += len(`\\n`)
			case r < ' ' || strings.ContainsRune("<>&\u2028\u2029", r):
				n += len(`\\u003c`)
			default:
				n += utf8.RuneLen(r)
			}
		}
	}
	return n
}
