package dynamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

const goldenRows = "testdata/rows.jsonl"

// What is stored is a contract with the data already stored: no rename in Go
// may change it. A row that shall change its form gets the next version of its
// kind, and a reader of both. UPDATE=1 writes the file anew, to be read in the
// diff.
func TestTheStoredFormOfNoRowChanges(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saveSample(t, s, newSample(t))
	var lines []string
	shown := map[*kind]bool{}
	for _, r := range allRows(t, s) {
		k := kindOf(key{r.text("PK"), r.text("SK")})
		shown[k] = true
		for name, text := range r {
			if s, is := text.(*types.AttributeValueMemberS); is {
				checkNames(t, k.name+" "+name, s.Value)
			}
		}
		lines = append(lines, fmt.Sprintf(`{"kind":%q,"row":%s}`, k.name, plainJSON(r)))
	}
	for _, k := range allKinds() {
		if !shown[k] {
			t.Errorf("no row of the kind %q is written: add it to the sample", k.name)
		}
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if os.Getenv("UPDATE") != "" {
		must(t, os.WriteFile(goldenRows, []byte(got), 0o600))
	}
	want, err := os.ReadFile(goldenRows)
	must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("rows (-%s +stored):\n%s", goldenRows, diff)
	}
}

// storedName is a field's tag, or a key that the sample has in a map.
var storedName = regexp.MustCompile(`^[a-z][a-z_ ]*$`)

// checkNames fails for a name of Go's in a text that is JSON.
func checkNames(t *testing.T, where, text string) {
	t.Helper()
	var fields map[string]json.RawMessage
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &fields) == nil {
		for name, value := range fields {
			if !storedName.MatchString(name) {
				t.Errorf("%s stores the name %q: give the field a json tag", where, name)
			}
			checkNames(t, where, string(value))
		}
	} else if json.Unmarshal([]byte(text), &list) == nil {
		for _, value := range list {
			checkNames(t, where, string(value))
		}
	}
}

func allRows(t *testing.T, s *Store) (rows []row) {
	t.Helper()
	out, err := s.client.(*dynamodb.Client).Scan(t.Context(), &dynamodb.ScanInput{TableName: &s.table})
	must(t, err)
	for _, item := range out.Items {
		rows = append(rows, item)
	}
	return rows
}

// What the golden rows hold is read back as it was.
func TestEveryKindOfRowIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	m, ctx := newSample(t), t.Context()
	saveSample(t, s, m)
	same := func(what string, want, got any, err error) {
		t.Helper()
		must(t, err)
		if diff := cmp.Diff(want, got, loosely, cmpopts.IgnoreFields(entitlement.Balance{}, "Shards"), cmpopts.IgnoreUnexported(catalog.Catalog{})); diff != "" {
			t.Errorf("%s (-written +read):\n%s", what, diff)
		}
	}
	m.state.Customer.Version++
	m.state.Customer.Holds = billing.HoldingsOf(m.state.Products)
	m.state.Credits.Version++
	m.state.Redeemed[0].Version++
	for id, b := range m.state.Balances {
		b.Version++
		m.state.Balances[id] = b
	}
	m.state.OfEntities[0].Version++
	state, _, err := s.State(ctx, env, "ada")
	same("state", m.state, state, err)
	entities, err := s.Entities(ctx, env, "ada")
	same("entities", []billing.Entity{m.entity}, entities, err)
	of, _, err := s.EntityBalances(ctx, env, "ada", m.entity.ID, "messages")
	same("balances of an entity", app.EntityBalances{Entity: m.entity, Its: map[string]entitlement.Balance{"messages": m.state.OfEntities[0]}, Own: m.state.Balances}, of, err)
	m.cat.Settings.Version++
	gift, signup := m.cat.Rewards["gift"], m.cat.Programs["signup"]
	gift.Version, signup.Version = first+1, first+1
	m.cat.Rewards["gift"], m.cat.Programs["signup"] = gift, signup
	cat, err := s.Catalog(ctx, env, true)
	same("catalog", &m.cat, cat, err)
	invoices, err := s.Invoices(ctx, env, "cus_1")
	same("invoices", []billing.Invoice{m.invoice}, invoices, err)
	entries, _, err := s.Audit(ctx, env, "cus_1", "", 9)
	same("audit", []billing.Audit{m.audit}, entries, err)
	done, _, err := s.Done(ctx, env, "op_1")
	same("finished operation", m.done, done, err)
	r := m.state.Redeemed[0]
	redemption, _, err := s.Redemption(ctx, env, "rr_1")
	same("redemption", r, redemption, err)
	code := m.state.Codes[0]
	code.Triggered, code.Recent = 1, []time.Time{april, may}
	byText, _, err := s.ReferralCode(ctx, env, "4exwv2")
	same("referral code", code, byText, err)
	stats, err := s.ProgramStats(ctx, env, "rs_1")
	same("statistics", m.stats, stats, err)
	owner, err := s.StripeOwner(ctx, env, "cus_T")
	same("Stripe customer", billing.StripeOwner{InternalID: "cus_2", DeletedAt: may, OperationID: "op_2"}, owner, err)
	k, _, err := s.Key(ctx, "cafe")
	same("API key", m.key, k, err)
	answer, err := s.BeginRequest(ctx, env, "key_1", "hash", april)
	same("request", &m.answer, answer, err)
	events, _, err := s.UsageEvents(ctx, env, "ada", app.UsagePage{From: april, To: may, Limit: 9})
	u := m.use
	same("usage events", []entitlement.UsageEvent{{ID: u.ID, CustomerID: "ada", EntityID: u.EntityID, FeatureID: "messages", Name: u.Name, At: u.At, ReceivedAt: u.ReceivedAt,
		Value: u.Value, Properties: u.Properties}}, events, err)
}

// A row of a form that this program does not know is never read as another.
func TestARowOfAnUnknownVersionIsRefused(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	saveSample(t, s, newSample(t))
	ctx := t.Context()
	for k, read := range map[key]func() error{
		operationKey(env, "ada", "op_1"):           func() error { _, _, err := s.State(ctx, env, "ada"); return err },
		balanceKey(env, "ada", "messages"):         func() error { _, err := s.Balance(ctx, env, "ada", "messages"); return err },
		shardKey(env, "ada", "messages", 1):        func() error { _, err := s.Balance(ctx, env, "ada", "messages"); return err },
		entityKey(env, "ada", "seat 1#b"):          func() error { _, err := s.Entities(ctx, env, "ada"); return err },
		catalogKey(env, featurePrefix, "messages"): func() error { _, err := s.Catalog(ctx, env, true); return err },
		auditKey(env, "cus_1", "01J"):              func() error { _, _, err := s.Audit(ctx, env, "cus_1", "", 9); return err },
		lookUp(env, "REDEMPTION", "rr_1"):          func() error { _, _, err := s.Redemption(ctx, env, "rr_1"); return err },
		lookUp(env, "STRIPE", "cus_S"):             func() error { _, err := s.StripeOwner(ctx, env, "cus_S"); return err },
		lookUp(env, "REQUEST", hashed("key_1")):    func() error { _, err := s.BeginRequest(ctx, env, "key_1", "hash", april); return err },
		apiKeyKey("cafe"):                          func() error { _, _, err := s.Key(ctx, "cafe"); return err },
	} {
		r, err := s.get(ctx, k)
		must(t, err)
		for _, version := range []int64{0, 2} {
			changed := maps.Clone(r)
			changed[formVersion] = integer(version)
			put(t, s, changed)
			if err := read(); err == nil || !strings.Contains(err.Error(), k.SK) || !strings.Contains(err.Error(), fmt.Sprintf("version %d", version)) {
				t.Errorf("%v of version %d: err = %v", k, version, err)
			}
		}
		put(t, s, r)
	}
}

func put(t *testing.T, s *Store, r row) {
	t.Helper()
	_, err := s.client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.table, Item: r})
	must(t, err)
}
