package dynamo

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// The table. Each kind of row is declared in one file, by a call of declare;
// this list is the overview, which a test holds to the declarations.
// testdata/rows.jsonl shows a row of each.
//
//	item               PK                                SK                        read by
//	customer           <env>#CUS#<key>                   CUSTOMER                  State
//	customer product   <env>#CUS#<key>                   PRODUCT#<id>              State, due index
//	balance            <env>#CUS#<key>                   BALANCE#<feature>         State, Balance, Use
//	shard of a balance <env>#SHARD#<n>#<key>             BALANCE#<feature>         with its balance
//	entity             <env>#ENTITIES#<key>              ENTITY#<entity>           Entities, EntityBalances
//	balance of an entity <env>#ENTITIES#<key>            BALANCE#<feature>#<entity>  EntityBalances, BalancesOfEntities, State (of one with a product)
//	operation          <env>#CUS#<key>                   OPERATION#<id>            State, due index
//	own referral code  <env>#CUS#<key>                   REFERRAL#<program>        State, ReferralCodeOf
//	open redemption    <env>#CUS#<key>                   REDEEMED#<redemption>     State, due index
//	queued reward      <env>#CUS#<key>                   REWARD#<ms>#<redemption>  State, due index
//	credits            <env>#CUS#<key>                   CREDITS                   State, due index
//	guesses            <env>#CUS#<key>                   GUESSES                   State (1 hour)
//	audit entry        <env>#LOG#<internal id>           AUDIT#<id>                Audit, Actions (of settings and catalog: SETTINGS, CATALOG for the id)
//	invoice            <env>#LOG#<internal id>           INVOICE#<ms>#<id>         Invoices
//	returned payment   <env>#LOG#<internal id>           RETURNED#<charge>         ReturnedPayment
//	redemption of both <env>#LOG#<internal id>           REDEMPTION#<ms>#<id>      Redemptions
//	brought by         <env>#LOG#<internal id>           BROUGHT#<program>         Brought
//	ended product      <env>#LOG#<internal id>           ENDED#<ms>#<id>           MovedProducts
//	usage event        <env>#USED#<key>                  <ms>#<event>#<feature>    UsageEvents (a setting; 400 days), also of a key that its customer had before
//	usage sum          <env>#SUMS#<key>                  DAY#<feature>#<yyyymmdd>#<bucket>  UsageDays (as long as its events)
//	usage groups       <env>#SUMS#<key>                  GROUPS#<feature>#<property>#<yyyymmdd>#<bucket>  UsageGroups (the same)
//	usage mark         <env>#SUMS#<key>                  MARK                      UsageMark
//	feature            <env>#CATALOG                     FEATURE#<id>              Catalog
//	product version    <env>#CATALOG                     PRODUCT#<id>#<version>    Catalog
//	Stripe price       <env>#CATALOG                     PRICE#<item>              Catalog
//	reward             <env>#CATALOG                     REWARD#<id>               Catalog
//	referral program   <env>#CATALOG                     PROGRAM#<id>              Catalog
//	settings           <env>#CATALOG                     SETTINGS                  Catalog
//	catalog version    <env>#CATALOG_VERSION             VERSION                   Catalog
//	referral code      <env>#CODE#<CODE>                 REFERRAL                  ReferralCode
//	promotion code     <env>#CODE#<CODE>                 PROMOTION                 Codes
//	customer's promotion code <env>#CODE#<CODE>          PROMOTION#<cus>           Codes
//	listed code        <env>#REWARD#<internal id>        CODE#<CODE>#<cus>         CodesOf
//	lost code          <env>#REWARD#<internal id>        LOST#<ms>#<version>#<CODE>#<cus>  CodesOf
//	uses of a reward   <env>#REWARD#<internal id>        COUNT                     RewardCounts, UsesBy
//	copies of a reward's codes <env>#REWARD#<internal id>  COPIES                    CopiesLook, due index
//	redemption         <env>#REDEMPTION#<id>             REDEMPTION                Redemption, Redemptions
//	count of a program <env>#PROGRAM#<internal id>       STATS#<part>              ProgramStats
//	closing            <env>#PROGRAM#<internal id>       CLOSING                   Closing, due index
//	redeemed           <env>#REDEEMED#<program>#<cus>    REDEEMED                  Redeemed, UsesBy (of a reward: its id for the program)
//	e-mail             <env>#EMAIL#<address>             EMAIL                     KeyByEmail
//	Stripe customer    <env>#STRIPE#<id>                 STRIPE                    StripeOwner (stays when the customer is deleted)
//	trial              <env>#TRIAL#<product>#<device>    TRIAL                     TrialsTaken
//	webhook event      <env>#EVENT#<id>                  EVENT                     EventSeen (30 days)
//	failed webhook     <env>#EVENT#<id>                  FAILED                    EventSeen, FailedEvent (30 days)
//	redemptions of a day  <env>#FIGURES                  DAY#<yyyymmdd>#<part>     Figures
//	revenue of a month <env>#FIGURES                     MONTH#<yyyymm>#<currency>#<part>  Figures
//	request            <env>#REQUEST#<hash>              REQUEST                   BeginRequest (1 day)
//	limit in use       <env>#LIMIT#<name>#<s>#<of>       LIMIT                     CountWithin (1 hour)
//	finished operation <env>#DONE#<id>                   DONE                      Done (400 days)
//	lock               <env>#LOCK#<hash>                 LOCK                      Lock (30 days after its end)
//	tracked            <env>#TRACKED#<hash>              TRACKED                   UseAll, SaveUsed with a key (30 days; of a part of a batch: 1 day)
//	import             <env>#IMPORT#<id>                 HEAD                      Import (1 day)
//	rows of an import  <env>#IMPORT#<id>                 ROWS#<n>                  Import (1 day)
//	API key            KEY#<sha256>                      KEY                       Key
//	user               DASHBOARD#USERS                   USER#<address>            User, Users
//	count of editors   DASHBOARD#USERS                   EDITORS                   the condition of ChangeUser
//	session            DASHBOARD#SESSIONS                SESSION#<sha256>          UserSession, UserSessions (7 days)
//	signing key        DASHBOARD#SIGNING                 SIGNING                   SigningKey
//	welcome            DASHBOARD#WELCOME#<sha256>        WELCOME                   Welcome (30 minutes)
//	attempts           DASHBOARD#ATTEMPTS#<hash>         ATTEMPTS                  CountAttempt (15 minutes)
//
// Indexes: four list customers, each under <env>#CUSTOMERS: `list` by the time
// they were made (<ms>#<internal id>), `customer_ids`, `customer_emails` and
// `customer_names` by what a search begins with (<text in lower case>, U+001F,
// <internal id>). None but a changed address or name moves an entry, so that a
// page continues where the one before ended although customers are renamed.
// `fingerprints` has those of one device (<env>#DEVICE#<fingerprint>, as in `list`). All
// new customers of an environment are written next to each other in `list`:
// about 1,000 a second. `list` also holds API keys for the operator's command
// (KEYS, <ms>#<sha256>), and redemptions: all (<env>#REDEMPTIONS), those of a program
// (…#<internal id>) and those in a status (…#<status>), by <ms>#<id>; promotion and referral codes
// (<env>#CODES, <ms>#<CODE>#<cus>); audit entries of what was done in the dashboard (<env>#ACTIONS, <ms>#<id>);
// and what waits for a person (<env>#ATTENTION, <kind>#<ms>#<id>). `due` holds the rows with background work, by its time
// (DUE#<env>#<shard>, <RFC 3339>#<id>; a row that was put off ends in #<tries>):
//
//	operation                          a minute after it began, or its page's end
//	product without a subscription     the day on which it begins or ends
//	product on a subscription          six hours after the period, the start or the
//	                                   end, should Stripe's own event be lost
//	credits                            a minute after they were given, until Stripe has
//	                                   them, and when they expire
//	copy of a promotion code           a minute after the code or its customer changed,
//	                                   until Stripe has it as it is
//	copies of a reward's codes         a minute after the reward or a product changed
//	redemption that is held            the end of its hold, if no flag has it wait
//	what a deleted program, or customer, leaves waiting  a minute after the deletion
//	reward to be taken back            a minute after its payment went back
//	first reward in a queue            a minute after it was earned, or the end of
//	                                   the discount it waits for
//
// A row leaves the index when nothing is to come: an operation that has ended
// and a reward that was applied are deleted, an expired product and a free one
// without end have no such day.
//
// A customer's rows stay few however long the life is, because every command reads all
// of them. An operation is deleted as it ends, that of a page within a day or so. What
// has ended moves to the history (billing.State). Credits are one row, which credit/room.go
// bounds. Balances are one for each feature that was ever held, own codes and open
// redemptions one for each program; queued rewards are as many as wait.
//
// All of one customer sorts together, so one Query reads the customer whole.
// Text the caller chose comes last in its key, so a "#" inside it cannot be
// mistaken for a separator; the ids of products, features and programs hold
// none. The environment comes from the API key alone and begins every key, so
// no call can cross.
type key struct{ PK, SK string }

// globalPartition begins the keys of rows outside the environments: API keys, which
// determine the environment. Rows of the dashboard begin with dashboardPartition.
const globalPartition = "KEY"

func customerPK(env catalog.Env, customerKey string) string {
	return string(env) + "#CUS#" + customerKey
}

// ownerOf is the environment and the customer of a balance, of a shard or of what is an entity's.
func ownerOf(pk string) (env catalog.Env, customerKey string, ok bool) {
	before, kind, _ := strings.Cut(pk, "#")
	if customerKey, ok = strings.CutPrefix("#"+kind, customerPK("", "")); ok {
		return catalog.Env(before), customerKey, true
	}
	if customerKey, ok = strings.CutPrefix("#"+kind, shardPrefix); ok {
		_, customerKey, ok = strings.Cut(customerKey, "#")
	} else {
		customerKey, ok = strings.CutPrefix("#"+kind, entitiesPK("", ""))
	}
	return catalog.Env(before), customerKey, ok
}

func logPK(env catalog.Env, internalID string) string { return string(env) + "#LOG#" + internalID }

func catalogPK(env catalog.Env) string { return string(env) + "#CATALOG" }

func catalogKey(env catalog.Env, prefix, id string) key { return key{catalogPK(env), prefix + id} }

func lookUp(env catalog.Env, kind, value string) key {
	return key{string(env) + "#" + kind + "#" + value, kind}
}

// hashed keeps keys of any length and content out of the table's own.
func hashed(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Shards is how many partitions the due index is spread over: one takes about
// 1,000 writes a second.
const Shards = 16

// DuePartition is the partition of the due index that holds one shard.
func DuePartition(env catalog.Env, shard int) string { return fmt.Sprintf("DUE#%s#%d", env, shard) }

// ShardOf is the shard of a customer's rows.
func ShardOf(customerKey string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(customerKey)) // never fails
	return int(h.Sum32() % Shards)
}

// dueSK rounds up to a second: a row that is found is due.
func dueSK(at time.Time, id string) string {
	return at.Add(time.Second-1).UTC().Truncate(time.Second).Format(time.RFC3339) + "#" + id
}

func listPK(env catalog.Env) string { return string(env) + "#CUSTOMERS" }

// devicePK is the partition of the customers of a device; "" without one.
func devicePK(env catalog.Env, fingerprint string) string {
	if fingerprint == "" {
		return ""
	}
	return string(env) + "#DEVICE#" + fingerprint
}

// KeysPartition is the partition of the list index that holds the API keys.
const KeysPartition = "KEYS"

func listSK(c billing.Customer) string {
	return fmt.Sprintf("%015d#%s", c.CreatedAt.UnixMilli(), c.InternalID)
}

// maxPlace is the longest of the places below, in bytes; a sort key has 1,024
// at most.
const maxPlace = 512

func findID(c billing.Customer) string { return findSK(c, c.Key()) }

func findEmail(c billing.Customer) string { return findSK(c, c.Email) }

func findName(c billing.Customer) string { return findSK(c, c.Name) }

// findSK is where a customer is found by a text, "" without one.
func findSK(c billing.Customer, by string) string {
	if by = billing.SearchText(by); by == "" {
		return ""
	}
	return by + "\x1f" + c.InternalID
}

// A cursor holds the sort key that a page ended with, and a mark of the
// partition that was read: in the list of another customer or environment it
// would skip entries in silence.

// maxSortKey is DynamoDB's limit in bytes: a longer text is no key at all.
const maxSortKey = 1024

func cursorAfter(pk, sk string) string {
	return base64.RawURLEncoding.EncodeToString(append(partitionMark(pk), sk...))
}

// placeOf returns the sort key of a cursor that cursorAfter made for the same
// partition. The text comes from a caller: its form is for the list to check.
func placeOf(pk, cursor string) (sk string, ok bool) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	after, ours := bytes.CutPrefix(text, partitionMark(pk))
	return string(after), err == nil && ours && len(after) > 0 && len(after) <= maxSortKey && utf8.Valid(after)
}

func partitionMark(pk string) []byte {
	sum := sha256.Sum256([]byte(pk))
	return sum[:6]
}
