package wire

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/oklog/ulid/v2"

	"windfall/shared/billing"
)

// ticks counts up within a millisecond from where chance put it.
var ticks = struct {
	sync.Mutex
	within ulid.MonotonicReader
}{within: ulid.Monotonic(rand.Reader, 0)}

// newID is a ULID: unique, and sorted by the time it was made. Those of one
// process are in order even within a millisecond, so what one call notes after
// the other is read back in that order.
func newID() string {
	ticks.Lock() // over the clock, too: going back a millisecond would start it anew
	defer ticks.Unlock()
	return ulid.MustNew(ulid.Now(), ticks.within).String()
}

// newCode draws a referral code. It is money to whoever guesses it, so it does
// not come from a predictable source.
func newCode() string {
	code := make([]byte, billing.CodeLength)
	for i := range code {
		code[i] = billing.CodeAlphabet[uniform(len(billing.CodeAlphabet))]
	}
	return string(code)
}

// uniform draws a number below n, each with the same chance: what lies beyond
// the last whole multiple of n is drawn again.
func uniform(n int) int {
	var b [1]byte
	for {
		_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}

const (
	firstPause = 10 * time.Millisecond
	longPause  = 320 * time.Millisecond
	lastTry    = time.Second // the least that a try is given
)

// pause waits before try n+1: twice as long each time, half of it by chance,
// so that those who collided do not collide again. It is false when the
// request has no time left for a try: whoever asked is to hear of it before
// the function is stopped.
func pause(ctx context.Context, n int) bool {
	most := min(longPause, firstPause<<min(n, 10))
	wait := most/2 + mathrand.N(most/2)
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < wait+lastTry {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// credentials are those Lambda sets for the function's role.
func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: env("AWS_ACCESS_KEY_ID"), SecretAccessKey: env("AWS_SECRET_ACCESS_KEY"),
		SessionToken: optional("AWS_SESSION_TOKEN")}, nil
}
