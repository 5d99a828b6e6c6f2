package stripesim_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"windfall/local/journal/journaltest"
	"windfall/local/stripesim"
)

// kept is a world whose account is in a file on a disk that may be full.
func kept(t *testing.T, file string, disk *journaltest.Disk) *world {
	t.Helper()
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(start), File: file, Files: disk, BaseURL: "http://sim.test", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return &world{t: t, sim: sim, api: connect(sim)}
}

// What cannot be written is answered with 500 and has not happened, now or after
// a restart: objects, events, a page that is paid, a remembered answer, the clock,
// a reset. Reading goes on, and so does writing once there is room.
func TestAFullDiskIsAnsweredWith500(t *testing.T) {
	t.Parallel()
	file, disk := filepath.Join(t.TempDir(), "stripe.jsonl"), &journaltest.Disk{}
	w := kept(t, file, disk)
	cus := w.customer("pm_card_visa")
	price := w.price("1000", "")
	w.subscribe(cus, "items[0][price]="+price)
	page := w.post("/v1/checkout/sessions", "mode=subscription&customer="+cus+"&line_items[0][price]="+price+"&line_items[0][quantity]=1&success_url=http://shop.test/").str("id")
	clock := w.post("/v1/test_helpers/test_clocks", fmt.Sprint("frozen_time=", start.Unix())).str("id")
	before, events := w.sim.Dump(), len(w.sim.Events())

	disk.Full.Store(true)
	for _, c := range [][]string{
		{"POST", "/v1/customers", "name=Ada", "Idempotency-Key", "first"},
		{"POST", "/v1/customers/" + cus, "name=Ada"},
		{"POST", "/v1/subscriptions", "customer=" + cus + "&items[0][price]=" + price},
		{"DELETE", "/v1/customers/" + cus, ""},
		{"POST", "/v1/test_helpers/test_clocks/" + clock + "/advance", fmt.Sprint("frozen_time=", start.Add(time.Hour).Unix())},
	} {
		status, body, _ := w.call(c[0], c[1], c[2], c[3:]...)
		if status != http.StatusInternalServerError || body.str("error.type") != "api_error" || !strings.Contains(body.str("error.message"), file) {
			t.Errorf("%s %s: %d %v", c[0], c[1], status, body)
		}
	}
	if status, body := w.machine("/pay/"+page+"/complete", `{"payment_method":"pm_card_visa"}`); status != http.StatusInternalServerError {
		t.Errorf("the page was paid: %d %v", status, body)
	}
	if err := w.sim.AdvanceTo(t.Context(), start.AddDate(0, 2, 0)); err == nil {
		t.Error("the clock moved over a renewal that could not be written")
	}
	if err := w.sim.AdvanceTo(t.Context(), start.Add(time.Minute)); err == nil {
		t.Error("the clock moved, and that could not be written")
	}
	if err := w.sim.Reset(); err == nil {
		t.Error("everything was forgotten, and that could not be written")
	}
	if got := w.sim.Dump(); got != before || len(w.sim.Events()) != events || !w.sim.Now().Equal(start) {
		t.Errorf("something was refused and done: %s, %d events\n%s", w.sim.Now(), len(w.sim.Events()), got)
	}
	if got := w.get("/v1/customers/"+cus, "").str("id"); got != cus {
		t.Errorf("a read on a full disk: %q", got)
	}

	disk.Full.Store(false)
	_, made, _ := w.call("POST", "/v1/customers", "name=Ada", "Idempotency-Key", "first")
	want := w.sim.Dump()
	after := kept(t, copied(t, file), &journaltest.Disk{})
	if got := after.sim.Dump(); got != want || after.get("/v1/customers/"+made.str("id"), "").str("name") != "Ada" {
		t.Errorf("after a restart\n%s\nwant\n%s", got, want)
	}
	if _, again, _ := after.call("POST", "/v1/customers", "name=Ada", "Idempotency-Key", "first"); again.str("id") != made.str("id") || made.str("id") == "" {
		t.Errorf("the key made %v, and %v after a restart", made, again)
	}
	after.to(start.AddDate(0, 1, 0).Add(2 * time.Hour))
	if got := totals(after.invoices(cus)); len(got) != 2 {
		t.Errorf("invoices %v", got)
	}
}

// The file follows what lives, while requests are answered.
func TestTheFileStaysSmallWhileRunning(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.jsonl")
	w := kept(t, file, &journaltest.Disk{})
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	var largest, written int64
	for i := range 700 {
		w.post("/v1/subscriptions/"+sub, fmt.Sprintf("metadata[note]=%s%d", strings.Repeat("x", 400), i))
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() < largest {
			written += largest
			largest = 0
		}
		largest = max(largest, info.Size())
	}
	if written == 0 {
		t.Errorf("%d bytes, and never compacted", largest)
	}
	want := w.sim.Dump()
	if got := kept(t, copied(t, file), &journaltest.Disk{}).sim.Dump(); got != want {
		t.Error("after a restart the account is another")
	}
}

// A file of before the header is read, one object in each line.
func TestAFileOfTheFirstVersion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.jsonl")
	text := `{"k":"customer","i":"cus_1","o":{"id":"cus_1","object":"customer","name":"Ada"},"h":{"Deleted":false}}
{"k":"customer","i":"cus_2","o":{"id":"cus_2","object":"customer"}}
{"k":"customer","i":"cus_2"}
{"m":{"Seq":7,"Requests":3,"At":1767312000,"Offset":0}}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := kept(t, file, &journaltest.Disk{})
	if list := w.get("/v1/customers", "").list("data"); len(list) != 1 || w.get("/v1/customers/cus_1", "").str("name") != "Ada" || w.sim.Now().Unix() != 1767312000 {
		t.Errorf("read %v at %s", list, w.sim.Now())
	}
}

// A test clock that was on its way when the process died arrives.
func TestATestClockGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.jsonl")
	w := kept(t, file, &journaltest.Disk{})
	clock := w.post("/v1/test_helpers/test_clocks", fmt.Sprint("frozen_time=", start.Unix())).str("id")
	w.post("/v1/test_helpers/test_clocks/"+clock+"/advance", fmt.Sprint("frozen_time=", start.AddDate(0, 1, 0).Unix()))
	if err := w.sim.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	caught := strings.Join(lines[:3], "") // the header, the clock, the clock on its way
	other := filepath.Join(t.TempDir(), "stripe.jsonl")
	if err := os.WriteFile(other, []byte(caught), 0o600); err != nil {
		t.Fatal(err)
	}
	after := kept(t, other, &journaltest.Disk{})
	if err := after.sim.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := after.get("/v1/test_helpers/test_clocks/"+clock, ""); got.str("status") != "ready" || fmt.Sprint(got.get("frozen_time")) != fmt.Sprint(start.AddDate(0, 1, 0).Unix()) {
		t.Errorf("the clock is %v", got)
	}
}
