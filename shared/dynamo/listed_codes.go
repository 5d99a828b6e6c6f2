package dynamo

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// codesPK is the partition of the list index with promotion codes, by the rows that list
// them with their reward, and referral codes, by those of their owners.
func codesPK(env catalog.Env) string { return string(env) + "#CODES" }

// listCode puts the row of a code in the list of all codes. more tells rows of one moment
// and one text apart: whose code it is, or of which program, and the version of a lost one.
func listCode(r row, env catalog.Env, made time.Time, code string, more ...string) {
	r.setText("list_pk", codesPK(env))
	r.setText("list_sk", fmt.Sprintf("%015d#%s#%s", made.UnixMilli(), code, strings.Join(more, "#")))
}

// listedPosition is what a cursor of codes holds.
var listedPosition = regexp.MustCompile(`^[0-9]{15}#[0-9A-Za-z_-]{1,64}#[0-9A-Za-z_-]{0,64}(#[0-9]{1,19})?$`)

// ListedCodes implements app.ListStore. The second request reads with the codes how often
// their rewards were used: two rows for each entry, so a page has half of what one request
// reads.
func (s *Store) ListedCodes(ctx context.Context, env catalog.Env, cursor string, limit int) ([]app.ListedCode, string, error) {
	listed, next, err := s.listPage(ctx, codesPK(env), cursor, listedPosition, min(limit, app.MostListed))
	if err != nil {
		return nil, "", err
	}
	page, err := s.listed(ctx, env, listed)
	return page, next, err
}

// ListedCodesOf implements app.ListStore.
func (s *Store) ListedCodesOf(ctx context.Context, env catalog.Env, rewardID, cursor string, limit int) ([]app.ListedCode, string, error) {
	listed, next, err := s.listedOf(ctx, env, rewardID, cursor, min(limit, app.MostListed))
	if err != nil {
		return nil, "", err
	}
	page, err := s.listed(ctx, env, listed)
	return page, next, err
}

// CodesNamed implements app.ListStore.
func (s *Store) CodesNamed(ctx context.Context, env catalog.Env, referrals []string, codes ...reward.PromoCode) ([]app.ListedCode, error) {
	listed := make([]row, len(codes))
	for i, p := range codes {
		k := listedCodeKey(env, p)
		listed[i] = row{"PK": text(k.PK), "SK": text(k.SK)}
	}
	for _, code := range referrals { // as the owner's row, of which the text is all that is needed
		listed = append(listed, row{"SK": text(ownCodePrefix), "list_sk": text("#" + code + "#")})
	}
	return s.listed(ctx, env, listed)
}

// listed reads the codes that rows of a list stand for.
func (s *Store) listed(ctx context.Context, env catalog.Env, listed []row) (page []app.ListedCode, err error) {
	wanted := map[key]bool{}
	for _, r := range listed {
		at, uses := codeListedBy(env, r)
		wanted[at] = true
		if uses.PK != "" {
			wanted[uses] = true
		}
	}
	var keys []map[string]types.AttributeValue
	for k := range wanted {
		keys = append(keys, k.attributes())
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return nil, err
	}
	there := make(map[key]row, len(rows))
	for _, r := range rows {
		there[key{r.text("PK"), r.text("SK")}] = r
	}
	for _, r := range listed {
		c, found, err := readListed(env, r, there)
		if err != nil {
			return nil, err
		}
		if found {
			page = append(page, c)
		}
	}
	return page, nil
}

// codeListedBy is the key of the code that a row of the list stands for, and that of the
// uses of its reward, if it has one.
func codeListedBy(env catalog.Env, r row) (code, uses key) {
	pk, sk := r.text("PK"), r.text("SK")
	if strings.HasPrefix(sk, ownCodePrefix) {
		return codeKey(env, textListed(r), "REFERRAL"), key{}
	}
	uses = key{pk, countSK}
	if at, holds := strings.CutPrefix(sk, listedCodes); holds {
		text, customer, _ := strings.Cut(at, "#")
		return promoCodeKey(env, reward.PromoCode{Code: text, CustomerID: customer}), uses
	}
	return key{pk, sk}, uses // it lost its text, and has all of it in its own row
}

// textListed is the text of a code, from its place in the list.
func textListed(r row) string { return strings.SplitN(r.text("list_sk"), "#", 3)[1] }

// readListed reads a code of the list. found is false for a row that says nothing any
// more: another reward's code has its text by now.
func readListed(env catalog.Env, listed row, there map[key]row) (c app.ListedCode, found bool, err error) {
	at, uses := codeListedBy(env, listed)
	r, found := there[at]
	if !found {
		return c, false, nil
	}
	if uses.PK == "" {
		code, err := readReferralCode(r)
		return app.ListedCode{Referral: &code}, true, err
	}
	p, err := readPromoCode(r)
	if lost := strings.HasPrefix(at.SK, lostCodes); lost {
		p.Inactive = true
	}
	c = app.ListedCode{Promotion: &p, Used: int(there[uses].int("used"))}
	return c, rewardPK(env, p.RewardID) == listed.text("PK"), err
}
