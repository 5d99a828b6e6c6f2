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

// ticks counts up within a millisecond from a random start.
var ticks = struct {
	sync.Mutex
	within ulid.MonotonicReader
}{within: ulid.Monotonic(rand.Reader, 0)}

// newID is a ULID: unique, and sorted by the time of its creation. Those of one
// process are in order even within a millisecond, so rows that one call writes
// are read back in their order.
func newID() string {
	ticks.Lock() // also for the clock: a step back by a millisecond would restart the counter
	defer ticks.Unlock()
	return ulid.MustNew(ulid.Now(), ticks.within).String()
}

// newCode draws a referral code. A guessed code is worth money, so the source
// is not predictable.
func newCode() string {
	code := make([]byte, billing.CodeLength)
	for i := range code {
		code[i] = billing.CodeAlphabet[uniform(len(billing.CodeAlphabet))]
	}
	return string(code)
}

// uniform draws a number below n, each with the same chance: values beyond the
// last whole multiple of n are drawn again.
func uniform(n int) int {
	var b [1]byte
	for {
		_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}

// Random is 256 bits that nobody can guess.
func Random() (b [32]byte) {
	_, _ = rand.Read(b[:])
	return b
}

const (
	firstPause = 10 * time.Millisecond
	longPause  = 320 * time.Millisecond
	lastTry    = time.Second // the shortest time for a try
)

// pause waits before try n+1: twice as long each time, half of it random, so
// that processes that collided do not collide again. It returns false if the
// request has no time left for a try: the caller must get an answer before the
// function is stopped.
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

// credentials are those of the function's role, set by Lambda.
func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: env("AWS_ACCESS_KEY_ID"), SecretAccessKey: env("AWS_SECRET_ACCESS_KEY"),
		SessionToken: optional("AWS_SESSION_TOKEN")}, nil
}
