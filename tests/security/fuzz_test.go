package security

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

var (
	fuzzRequests = flag.Int("security.requests", 2000, "how many random requests are sent")
	fuzzSeed     = flag.Uint64("security.seed", 1, "which ones")
)

// texts and values are inputs of a hostile or mistaken caller. Some are valid,
// so that requests get past the first check.
var (
	texts = []string{"", "c", "open", "blank", "someone", "referrer", "pro", "premium", "ultra", "free", "topup", "booster", "messages",
		"seats", "dashboard", "gift", "both", "both ", "PRO", "cus_1", "a@x.y", "prepared@x.y", "not an e-mail", "https://x.y/z", "javascript:alert(1)",
		"day", "month", "usd", "checkout", "customer_creation", "all", "referrer", "percentage_discount", "single_use", "inf", "0", "-1", "NaN",
		"..", ".", "a/b", `a\b`, "a?b", "a%20b", "a#b", "sandbox#CUS#c", "\u0000", "a\nb", "\u202eabc", "\ufeff", "é", "e\u0301", "🙂", "<script>", "'; --",
		"__proto__", "null", "true", strings.Repeat("a", 256), strings.Repeat("ß", 200), strings.Repeat("<", 3000), strings.Repeat("x", 70_000)}
	raws = []string{"null", "true", "false", "0", "1", "-1", "1.5", "1e3", "1e-3", "1e40", "-0", "9007199254740993", "99999999999999999999999999999999999999",
		"0.00000000000000000000000000000000000001", "1806537600000", "-9223372036854775808", "9223372036854775808", "1E400", "{}", "[]", `[""]`, `{"":""}`,
		`["pro","pro"]`, `["c",1,null,{}]`, `{"length":1,"duration":"day"}`, `{"duration_type":"months","duration_value":1}`, `[{"feature_id":"messages","quantity":1}]`, `[{"feature_id":"messages","included_usage":5}]`,
		`[{"price":1,"interval":"month"}]`, `[{"price":-1}]`, `[{"feature_id":"messages","balance":3}]`, `{"email":"a@x.y","name":"A"}`, `{"k":{"k":{"k":[1,{"k":null}]}}}`,
		`{"start":2,"end":1}`, `{"start":-1,"end":9223372036854775807}`, `"\ud83d"`, "\"\xff\"", "1 2", "[1", "NaN"}
	fields = []string{"customer_id", "product_id", "product_ids", "feature_id", "event_name", "value", "required_balance", "send_event", "with_preview", "customer_data",
		"options", "items", "is_custom", "free_trial", "metadata", "checkout_session_params", "success_url", "force_checkout", "invoice", "invoice_only", "version",
		"plan_schedule", "id", "name", "email", "fingerprint", "stripe_id", "create_in_stripe", "type", "config", "credit_schema", "event_names", "display", "group",
		"is_default", "is_add_on", "archived", "promo_codes", "discount_config", "free_product_id", "free_product_config", "when", "internal_reward_id", "reward_id", "received_by",
		"max_redemptions", "code", "program_id", "balances", "balance", "range", "custom_range", "bin_size", "limit", "offset", "start_cursor", "idempotency_key",
		"timestamp", "properties", "overage_behavior", "cancel_immediately", "prorate", "return_url", "entity_id", "entity_data", "consumable", "write_shards", "reward",
		"global_max_redemption", "max_uses", "max_redemptions_per_customer", "redeem_by", "expires_at", "credits_expire_months", "customer", "active", "restrictions",
		"first_time_transaction", "minimum_amount", "minimum_amount_currency"}
	queries = []string{"limit=0", "limit=5", "limit=999999999999999999999", "limit=x", "offset=-1", "offset=10001", "cursor=%00", "cursor=zzz", "expand=invoices", "expand=%F0%9F%99%82",
		"expand=invoices,rewards,referrals,trials_used", "customer_id=c", "customer_id=%2F", "customer_id=" + strings.Repeat("q", 400), "version=0", "version=2", "active=maybe", "all_versions=maybe", "delete_in_stripe=maybe",
		"return_url=ftp://x", "search=%25", "%zz=1", "a=b;c=d", "with_autumn_id=2"}
	ids = []string{"c", "nobody", "open", "pro", "messages", "gift", "both", "%20", "%00", "%FF", "%2F", "..", "%2e%2e", "%3F", "a%3Fb", "%25", strings.Repeat("i", 300)}
)

// fuzzer draws requests.
type fuzzer struct {
	*rand.Rand
	calls []call
}

func pick[T any](f *fuzzer, of []T) T { return of[f.IntN(len(of))] }

// value is raw JSON, often of the expected kind.
func (f *fuzzer) value() string {
	if f.IntN(2) == 0 {
		return pick(f, raws)
	}
	text, _ := json.Marshal(pick(f, texts)) // a text always encodes
	return string(text)
}

// body is a valid body with up to four fields changed, added or removed.
func (f *fuzzer) body(c call) string {
	parts := map[string]string{}
	for k, v := range c.body {
		text, _ := json.Marshal(v) // plain values always encode
		parts[k] = string(text)
	}
	for range f.IntN(5) {
		switch f.IntN(4) {
		case 0:
			parts[pick(f, fields)] = f.value()
		case 1:
			if len(parts) > 0 {
				delete(parts, pick(f, sortedKeys(parts)))
			}
		default:
			if len(parts) > 0 {
				parts[pick(f, sortedKeys(parts))] = f.value()
			}
		}
	}
	var out []string
	for _, k := range sortedKeys(parts) {
		out = append(out, fmt.Sprintf("%q:%s", k, parts[k]))
	}
	return "{" + strings.Join(out, ",") + "}"
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (f *fuzzer) path(c call) string {
	path, query, _ := strings.Cut(c.path, "?")
	if parts := strings.Split(path, "/"); len(parts) > 3 && f.IntN(3) == 0 {
		parts[3] = pick(f, ids)
		path = strings.Join(parts, "/")
	}
	if f.IntN(3) == 0 {
		query = pick(f, queries)
	}
	return path + "?" + query
}

// Random requests over all routes: no answer is a 5xx, every refusal has its
// code, and a refusal writes nothing but the count of unknown codes. make fuzz sends many more.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	public := w.PublishableKey()
	restore := w.Snapshot()
	f := &fuzzer{rand.New(rand.NewPCG(*fuzzSeed, 7)), named}
	statuses := map[int]int{}
	table, objects := w.TablesButGuesses(), w.Stack.Objects()
	for n := range *fuzzRequests {
		if n%50 == 0 {
			restore()
			table, objects = w.TablesButGuesses(), w.Stack.Objects()
		}
		c := pick(f, f.calls)
		path, body := f.path(c), ""
		if c.body != nil || f.IntN(20) == 0 {
			body = f.body(c)
		}
		if _, err := url.Parse(path); err != nil {
			continue // no client can send it
		}
		var change []func(*http.Request)
		keyed := f.IntN(10) == 0
		if keyed {
			change = append(change, IdempotencyKey(pick(f, texts[1:30])))
		}
		key := w.Stack.Key
		if f.IntN(10) == 0 {
			key = public
		}
		a := w.Do(key, c.method(), path, nonEmpty(body), change...)
		w.WaitIdle()
		statuses[a.Status]++
		wasTable, wasObjects := table, objects
		table, objects = w.TablesButGuesses(), w.Stack.Objects()
		what := fmt.Sprintf("request %d: %s %s %.500s", n, c.method(), path, body)
		switch {
		case a.Status >= 500 || a.Status/100 == 3:
			t.Errorf("%s: %d %.300s", what, a.Status, a.Text)
		case a.Status >= 400 && (a.Body["code"] == nil || a.Body["message"] == nil):
			t.Errorf("%s: a refusal has a code and a message: %d %.300s", what, a.Status, a.Text)
		case (a.Status >= 400 && !keyed || key == public) && (table != wasTable || objects != wasObjects):
			t.Errorf("%s: %d %.300s, and it wrote", what, a.Status, a.Text)
		}
	}
	t.Logf("%d requests, by status: %v", *fuzzRequests, statuses)
}
