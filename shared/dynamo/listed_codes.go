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

// listCode puts the row of a code in the list of all codes.
func listCode(r row, env catalog.Env, made time.Time, code, customerID string) {
	r.setText("list_pk", codesPK(env))
	r.setText("list_sk", fmt.Sprintf("%015d#%s#%s", made.UnixMilli(), code, customerID))
}

// listedPosition is what a cursor of codes holds.
var listedPosition = regexp.MustCompile(`^[0-9]{15}#[0-9A-Za-z_-]{1,64}#[0-9A-Za-z_-]{0,64}$`)

// ListedCodes implements app.ListStore. The second request reads with the codes how often
// their rewards were used: two rows for each entry, so a page has half of what one request
// reads.
func (s *Store) ListedCodes(ctx context.Context, env catalog.Env, cursor string, limit int) ([]app.ListedCode, string, error) {
	listed, next, err := s.listPage(ctx, codesPK(env), cursor, listedPosition, min(limit, app.MostListed))
	if err != nil || len(listed) == 0 {
		return nil, "", err
	}
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
		return nil, "", err
	}
	there := make(map[key]row, len(rows))
	for _, r := range rows {
		there[key{r.text("PK"), r.text("SK")}] = r
	}
	var page []app.ListedCode
	for _, r := range listed {
		c, found, err := readListed(env, r, there)
		if err != nil {
			return nil, "", err
		}
		if found {
			page = append(page, c)
		}
	}
	return page, next, nil
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

// readListed reads a code of the list. found is false for one that changed its place since
// the list was read.
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
