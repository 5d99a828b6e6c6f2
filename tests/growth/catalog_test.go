package growth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/local/control"
	"windfall/local/dynamodb"
	"windfall/local/stack"
)

// A shop is a stack that sells so many products, each with a price and two features.
// Nothing runs beside a call: events of Stripe wait.
type shop struct {
	*stack.Stack
	b     *testing.B
	calls int
	notes map[string]string
	bytes atomic.Int64 // that the database answered
}

const standing = "2027-04-01T00:00:00Z" // a clock that stands still

// openShop has customer c with a card, who bought pro; and a program and a code that give
// an add-on.
func openShop(b *testing.B, products int) *shop {
	b.Helper()
	at, _ := time.Parse(time.RFC3339, standing)
	sh := &shop{b: b, notes: map[string]string{}}
	count := func(to http.RoundTripper) http.RoundTripper { return counted{to, &sh.bytes} }
	s, err := stack.Open(stack.Options{Clock: at, Faults: stack.Faults{DynamoDB: count}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	s.Control(control.New(s, nil))
	sh.Stack = s
	for _, id := range []string{"messages", "words"} {
		sh.post("/v1/features", `{"id":"%s","type":"single_use"}`, id)
	}
	const items = `"items":[{"price":20,"interval":"month"},{"feature_id":"messages","included_usage":100,"interval":"month"},{"feature_id":"words","included_usage":5,"interval":"month"}]`
	for i := range products {
		sh.post("/v1/products", `{"id":"p%04d","group":"g%d",%s}`, i, i%100, items)
	}
	sh.post("/v1/products", `{"id":"pro","group":"main",%s}`, items)
	sh.post("/v1/products", `{"id":"free","group":"main","is_default":true,"items":[{"feature_id":"messages","included_usage":10,"interval":"month"}]}`)
	sh.post("/v1/products", `{"id":"gift","is_add_on":true,"items":[{"feature_id":"words","included_usage":10,"interval":"month"}]}`)
	sh.post("/v1/rewards", `{"id":"gift","name":"Gift","type":"free_product","free_product_id":"gift","promo_codes":[{"code":"GIFT"}]}`)
	sh.post("/v1/reward_programs", `{"id":"invite","when":"customer_creation","internal_reward_id":"gift","received_by":"all"}`)
	sh.post("/v1/customers", `{"id":"c"}`)
	sh.post("/_local/delivery", `{"mode":"hold"}`)
	s.HoldStream(true)
	sh.post("/_local/customers/c/payment_method", `{"payment_method":"pm_card_visa"}`)
	sh.post("/v1/attach", `{"customer_id":"c","product_id":"pro"}`)
	sh.notes["code"] = sh.post("/v1/referrals/code", `{"customer_id":"c","program_id":"invite"}`)["code"].(string)
	return sh
}

// counted adds up the bytes of all answers.
type counted struct {
	http.RoundTripper
	bytes *atomic.Int64
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.RoundTripper.RoundTrip(r)
	if err != nil {
		return res, err
	}
	text, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(text))
	c.bytes.Add(int64(len(text)))
	return res, err
}

func (s *shop) post(path, body string, args ...any) map[string]any {
	s.b.Helper()
	status, text, err := s.Call(context.Background(), http.MethodPost, path, []byte(fmt.Sprintf(body, args...)))
	if err != nil || status != http.StatusOK {
		s.b.Fatalf("POST %s: %d %s %v", path, status, text, err)
	}
	var answer map[string]any
	_ = json.Unmarshal(text, &answer)
	return answer
}

// another is the id of a customer who was not there before.
func (s *shop) another() string {
	s.calls++
	return fmt.Sprintf("new%d", s.calls)
}

// event lets Stripe tell of an object of c's.
func (s *shop) event(kind, object, id, more string) {
	s.b.Helper()
	s.calls++
	body := fmt.Sprintf(`{"id":"evt_growth_%d","object":"event","type":"%s","data":{"object":{"id":"%s","object":"%s","customer":"%s"%s}}}`, s.calls, kind, id, object, s.notes["customer"], more)
	r := httptest.NewRequest(http.MethodPost, s.BaseURL+"/webhooks/stripe", strings.NewReader(body))
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: s.WebhookSecret(), Timestamp: time.Now()})
	r.Header.Set("Stripe-Signature", signed.Header)
	rec := httptest.NewRecorder()
	if s.ServeHTTP(rec, r); rec.Code != http.StatusOK {
		s.b.Fatalf("event %s: %d %s", kind, rec.Code, rec.Body)
	}
}

// atStripe notes the ids that the first customer and their subscription have there.
func (s *shop) atStripe() {
	s.b.Helper()
	find := func(path string) string {
		_, text, err := s.Stripe(http.MethodGet, path, nil)
		var list struct{ Data []struct{ ID string } }
		if err != nil || json.Unmarshal(text, &list) != nil || len(list.Data) == 0 {
			s.b.Fatalf("%s: %s %v", path, text, err)
		}
		return list.Data[0].ID
	}
	s.notes["customer"], s.notes["subscription"], s.notes["invoice"] = find("/v1/customers"), find("/v1/subscriptions"), find("/v1/invoices")
}

// moneyCalls are calls that sell, end or give something, of one customer after another.
var moneyCalls = []struct {
	name string
	call func(s *shop)
}{
	{"attach, a free product", func(s *shop) { s.post("/v1/attach", `{"customer_id":"%s","product_id":"gift"}`, s.another()) }},
	{"attach, a page", func(s *shop) { s.post("/v1/attach", `{"customer_id":"%s","product_id":"pro"}`, s.another()) }},
	{"preview of an attach", func(s *shop) { s.post("/v1/attach/preview", `{"customer_id":"%s","product_id":"pro"}`, s.another()) }},
	{"attach and cancel", func(s *shop) {
		id := s.another()
		s.post("/v1/attach", `{"customer_id":"%s","product_id":"gift"}`, id)
		s.post("/v1/cancel", `{"customer_id":"%s","product_id":"gift","cancel_immediately":true}`, id)
	}},
	{"webhook of a subscription", func(s *shop) {
		s.event("customer.subscription.updated", "subscription", s.notes["subscription"], "")
	}},
	{"webhook of an invoice", func(s *shop) { s.event("invoice.paid", "invoice", s.notes["invoice"], "") }},
	{"setup_payment", func(s *shop) {
		s.post("/v1/setup_payment", `{"customer_id":"%s","success_url":"https://shop.example"}`, s.another())
	}},
	{"customer and first referral code", func(s *shop) {
		id := s.another()
		s.post("/v1/customers", `{"id":"%s"}`, id)
		s.post("/v1/referrals/code", `{"customer_id":"%s","program_id":"invite"}`, id)
	}},
	{"customer and redeemed referral", func(s *shop) {
		id := s.another()
		s.post("/v1/customers", `{"id":"%s"}`, id)
		s.post("/v1/referrals/redeem", `{"customer_id":"%s","code":"%s"}`, id, s.notes["code"])
	}},
	{"customer and redeemed promotion code", func(s *shop) {
		id := s.another()
		s.post("/v1/customers", `{"id":"%s"}`, id)
		s.post("/v1/rewards/redeem", `{"customer_id":"%s","code":"GIFT"}`, id)
	}},
	// The last one, as it lengthens what the version of a catalog names, up to twenty rows.
	{"change of a reward, and attach", func(s *shop) {
		id := s.another()
		s.post("/v1/rewards/gift", `{"name":"Gift %s"}`, id)
		s.post("/v1/attach", `{"customer_id":"%s","product_id":"gift"}`, id)
	}},
}

var catalogSizes = [3]int{10, 100, 1000}

// BenchmarkCatalog: what is sold costs the same, however much else is for sale.
func BenchmarkCatalog(b *testing.B) {
	shops := map[int]*shop{}
	for _, size := range catalogSizes {
		shops[size] = openShop(b, size)
		shops[size].atStripe()
	}
	for _, c := range moneyCalls {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			prepare := func(size int) func() {
				s := shops[size]
				s.b = b
				return func() { c.call(s) }
			}
			row{"products; " + c.name, catalogSizes, 1.30}.measure(b, prepare)
			row{"  what it reads", catalogSizes, 1.30}.count(b, prepare, shops)
		})
	}
}

// count compares what one call reads at three sizes: read units, of 4 KB or a part of them,
// and the bytes of all answers.
func (r row) count(b *testing.B, prepare func(size int) (call func()), shops map[int]*shop) {
	b.Helper()
	var units, answered [3]float64
	var text strings.Builder
	for i, size := range r.sizes {
		call, s := prepare(size), shops[size]
		call()
		s.DB.Observe(func(_ dynamodb.Call, used dynamodb.Capacity) { units[i] += used.Read })
		from := s.bytes.Load()
		call()
		s.DB.Observe(nil)
		answered[i] = float64(s.bytes.Load() - from)
		fmt.Fprintf(&text, "  %2g RCU, %5.1f KB ", units[i], answered[i]/1000)
	}
	r.say(b, text.String(), max(units[1]/units[0], units[2]/units[0], answered[1]/answered[0], answered[2]/answered[0]))
}
