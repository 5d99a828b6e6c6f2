package catalog

import (
	"slices"
	"strings"

	"windfall/shared/refusal"
)

// maxCode is the longest code that is looked up. Our choice: more than anybody
// types.
const maxCode = 64

// NormalCode is the one spelling of a code: codes are accepted in any case and
// stored in upper case. Only ASCII letters change, so that no two letters of
// other alphabets become one code.
func NormalCode(code string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, strings.TrimSpace(code))
}

// PossibleCode reports whether any code could be spelled like this: 1 to 64
// letters, digits, _ and -.
func PossibleCode(code string) bool {
	return code != "" && len(code) <= maxCode && !strings.ContainsFunc(code, func(r rune) bool { return !IsSlugRune(r) })
}

// promoCodes returns the codes of a reward in their one spelling; empty ones
// are dropped. The errors are duplicate_promo_code, for one written twice or
// used by another reward, and invalid_reward.
func (c *Catalog) promoCodes(wanted []PromoCode, rewardID string) ([]PromoCode, error) {
	if len(wanted) > maxPromoCodes {
		return nil, refusal.Invalid(ReasonPromoCodesTooMany, maxPromoCodes, len(wanted))
	}
	var out []PromoCode
	for _, code := range wanted {
		code.Code = NormalCode(code.Code)
		switch {
		case code.Code == "":
			continue
		case !PossibleCode(code.Code):
			return nil, refusal.Invalid(ReasonPromoCodeForm, code.Code, maxCode)
		case code.MaxRedemptions < 0:
			return nil, refusal.Invalid(ReasonPromoCodeLimit, code.Code)
		case slices.ContainsFunc(out, func(p PromoCode) bool { return p.Code == code.Code }), c.promoCodeTaken(code.Code, rewardID):
			return nil, ErrDuplicatePromoCode(code.Code)
		}
		out = append(out, code)
	}
	return out, nil
}

func (c *Catalog) promoCodeTaken(code, exceptReward string) bool {
	for id, r := range c.Rewards {
		if id != exceptReward && slices.Contains(r.codes(), code) {
			return true
		}
	}
	return false
}

// codes lists the texts of a reward's promotion codes.
func (r Reward) codes() []string {
	var out []string
	for _, p := range r.PromoCodes {
		out = append(out, p.Code)
	}
	return out
}

// ErrDuplicatePromoCode means that a promotion code belongs to a reward already.
func ErrDuplicatePromoCode(code string) *refusal.Error {
	return refusal.Invalid(ReasonDuplicatePromoCode, code)
}
