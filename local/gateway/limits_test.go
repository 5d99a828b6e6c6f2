package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	const answer413 = `{"code":"request_too_large","env":"","message":"Request Entity Too Large"}`
	tests := []struct {
		name, body, header string
		status             int
		want               string
	}{
		{"a body that just fits", strings.Repeat("x", 6<<20-2000), "", 200, "{}"},
		{"an event over 6 MB", strings.Repeat("x", 6<<20), "", 413, answer413},
		{"a body over 10 MB", strings.Repeat("x", 10<<20+1), "", 413, answer413},
		{"headers that just fit", "", strings.Repeat("h", 10_000), 200, "{}"},
		{"headers over 10,240 bytes", "", strings.Repeat("h", 10_241), 431, `{"code":"headers_too_large","env":"","message":"Request Header Fields Too Large"}`},
	}
	g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"thing": answers(`{}`)}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "text/plain")
			r.Header.Set("X-Big", tt.header)
			w := httptest.NewRecorder()
			g.ServeHTTP(w, r)
			if w.Code != tt.status || w.Body.String() != tt.want {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, tt.status, tt.want)
			}
		})
	}
}

func TestAPathThatCannotBeDecodedIsRefused(t *testing.T) {
	t.Parallel()
	server := serve(t, answers(`{}`), Options{})
	res, body := send(t, "GET", server.URL+"/v1/things/50%25off", "")
	if res.StatusCode != 400 || body != `{"code":"invalid_path","env":"","message":"Bad Request"}` {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestFailuresOfAFunction(t *testing.T) {
	t.Parallel()
	const answer500 = `{"code":"internal_error","env":"","message":"Internal Server Error"}`
	tests := []struct {
		name   string
		run    function
		status int
		want   string
	}{
		{"an error", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("secret") }, 500, answer500},
		{"a panic", func(context.Context, []byte) ([]byte, error) { panic("secret") }, 500, answer500},
		{"an answer over 6 MB", answers(`"` + strings.Repeat("x", 6<<20+100) + `"`), 500, answer500},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, body := send(t, "GET", serve(t, tt.run, Options{}).URL+"/", "")
			if res.StatusCode != tt.status || body != tt.want {
				t.Errorf("got %d %s, want %d %s", res.StatusCode, body, tt.status, tt.want)
			}
		})
	}
}

// failing is a backend that returns an error.
type failing struct{ err error }

func (f failing) Invoke(context.Context, string, []byte) ([]byte, error) { return nil, f.err }

func TestErrorsOfABackendHaveAWSsStatus(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{ErrThrottled: 503, ErrTooManyRequests: 429, ErrTimeout: 500, &FunctionError{}: 500} {
		g, newErr := New(testTemplate(), failing{err}, Options{})
		if newErr != nil {
			t.Fatal(newErr)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != want {
			t.Errorf("%v: status %d, want %d", err, w.Code, want)
		}
	}
}

func TestAFunctionOutOfTimeIsLeftBehind(t *testing.T) {
	t.Parallel()
	tmpl := testTemplate()
	tmpl.Functions[0].Timeout = 20 * time.Millisecond
	stuck := make(chan struct{})
	t.Cleanup(func() { close(stuck) })
	g, err := New(tmpl, InProcess(map[string]lambda.Handler{"thing": function(func(ctx context.Context, _ []byte) ([]byte, error) {
		<-stuck // ignores its context, as code may
		return nil, nil
	})}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 {
		t.Errorf("status %d", w.Code)
	}
}

func TestEveryCallHasItsOwnContext(t *testing.T) {
	t.Parallel()
	const callers = 8
	var inside atomic.Int32
	all := make(chan struct{})
	ids := make(chan string, callers)
	server := serve(t, function(func(ctx context.Context, _ []byte) ([]byte, error) {
		lc, ok := lambdacontext.FromContext(ctx)
		if deadline, has := ctx.Deadline(); !ok || !has || time.Until(deadline) > time.Minute {
			return nil, errors.New("no lambda context or deadline")
		}
		ids <- lc.AwsRequestID
		if inside.Add(1) == callers {
			close(all)
		}
		<-all // passes only when all callers are inside at once
		return []byte(`{}`), nil
	}), Options{})
	done := make(chan int, callers)
	for range callers {
		go func() {
			res, err := http.Get(server.URL)
			if err != nil {
				done <- 0
				return
			}
			_ = res.Body.Close()
			done <- res.StatusCode
		}()
	}
	seen := map[string]bool{}
	for range callers {
		if status := <-done; status != 200 {
			t.Errorf("status %d", status)
		}
		seen[<-ids] = true
	}
	if len(seen) != callers {
		t.Errorf("%d different request ids for %d calls", len(seen), callers)
	}
}

func TestACallerWhoHangsUpDoesNotStopTheFunction(t *testing.T) {
	t.Parallel()
	started, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"thing": function(func(ctx context.Context, _ []byte) ([]byte, error) {
		close(started)
		<-release
		ended <- ctx.Err()
		return []byte(`{}`), nil
	})}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, hangUp := context.WithCancel(t.Context())
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	}()
	<-started
	hangUp()
	close(release)
	if err := <-ended; err != nil {
		t.Errorf("the function's context: %v", err)
	}
	<-finished
}

func TestInvokeScheduled(t *testing.T) {
	t.Parallel()
	var got []byte
	g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"sweep": function(func(_ context.Context, payload []byte) ([]byte, error) {
		got = payload
		return []byte(`{"closed":3}`), nil
	})}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	g.requestID = func() string { return "an-id" }
	answer, err := g.InvokeScheduled(t.Context(), "sweep", time.Date(2027, 5, 1, 2, 0, 0, 9, time.FixedZone("", 7200)))
	if err != nil || string(answer) != `{"closed":3}` {
		t.Errorf("answer %s, %v", answer, err)
	}
	want := `{"version":"0","id":"an-id","detail-type":"Scheduled Event","source":"aws.scheduler","account":"000000000000",` +
		`"time":"2027-05-01T00:00:00Z","region":"eu-west-1","resources":["arn:aws:scheduler:eu-west-1:000000000000:schedule/default/SweepFunction"],"detail":"{}"}`
	if string(got) != want {
		t.Errorf("event %s\nwant  %s", got, want)
	}
	if _, err := g.InvokeScheduled(t.Context(), "thing", time.Time{}); err == nil {
		t.Error("a function without a schedule was invoked by it")
	}
}
