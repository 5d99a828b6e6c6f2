package walk

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"windfall/tests/world"
)

var (
	referralSeeds = flag.Int("walk.referrals", 1, "how many walks of referral programs are taken")
	referralSteps = flag.Int("walk.referral-steps", 400, "steps of each of them")
)

// referralEach is how many steps are taken before everything begins anew: a failure in
// more of them takes long to be shortened.
const referralEach = 60

// TestReferralWalk holds random lives of referral programs to I-25, I-26, I-27, I-28 and
// I-30: what is stored is compared after every step with a model, which knows the rules
// and none of the code that follows them.
//
//	go test ./tests/walk -run TestReferralWalk -walk.referrals=20 -walk.referral-steps=1000 -walk.seed=1
//
// A walk that fails is shortened, and printed as the list of its steps.
func TestReferralWalk(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	taken := map[string]int{}
	for n := range uint64(*referralSeeds) {
		rng := rand.New(rand.NewPCG(*walkSeed+n, 25))
		for left := *referralSteps; left > 0; left -= referralEach {
			terms, steps := drawnSteps(rng, referralPrograms), drawnSteps(rng, min(left, referralEach))
			if wrong, _ := walkReferrals(w, terms, steps, taken); wrong != "" {
				short := shorten(steps, func(some []referralStep) bool {
					again, _ := walkReferrals(w, terms, some, map[string]int{})
					return rule(again) == rule(wrong)
				})
				again, story := walkReferrals(w, terms, short, map[string]int{})
				t.Fatalf("seed %d: %s\nshortened to %d steps: %s\n%s", *walkSeed+n, wrong, len(short), again, strings.Join(story, "\n"))
			}
		}
	}
	t.Logf("taken: %v", taken)
	for _, want := range referralGoals {
		if *referralSeeds**referralSteps >= 1000 && taken[want] == 0 {
			t.Errorf("no step came to %q: %v", want, taken)
		}
	}
}

// referralGoals are what a long walk comes to.
var referralGoals = []string{"is pending", "is held", "is given", "is refused", "is reversed", "is closed",
	"flag ring", "flag velocity", "flag same_card", "refused referral_code_max_redemptions_reached",
	"refused customer_already_redeemed_referral_code", "refused customer_cannot_redeem_own_code", "refused customer_not_new", "a trial"}

// A referralStep is four numbers, which are reduced to a kind of step and what it is
// about when it is taken: a walk stays valid when steps are left out.
type referralStep struct{ do, who, what, much int }

func drawnSteps(rng *rand.Rand, n int) []referralStep {
	steps := make([]referralStep, n)
	for i := range steps {
		steps[i] = referralStep{rng.IntN(1 << 16), rng.IntN(1 << 16), rng.IntN(1 << 16), rng.IntN(1 << 16)}
	}
	return steps
}

// wrong is a rule that does not hold.
type wrong string

// walkReferrals takes the steps in a new world with programs of some terms. failed is the
// first rule that does not hold, or "".
func walkReferrals(w *world.World, terms, steps []referralStep, taken map[string]int) (failed string, story []string) {
	k := newReferralWalker(w, taken)
	for slot := range k.programs {
		k.offerProgram(slot, terms[slot].what, terms[slot].much)
	}
	defer func() {
		story = k.story
		if p := recover(); p != nil {
			no, is := p.(wrong)
			if !is {
				panic(p)
			}
			failed = string(no)
		}
	}()
	for i, s := range steps {
		k.step(s)
		k.check(i%5 == 4 || i == len(steps)-1)
	}
	return "", k.story
}

// rule is what a failure begins with.
func rule(failed string) string {
	first, _, _ := strings.Cut(failed, ":")
	return first
}

// shorten leaves out steps for as long as the walk fails in the same way.
func shorten(steps []referralStep, fails func([]referralStep) bool) []referralStep {
	for size := len(steps) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(steps); {
			if less := slices.Delete(slices.Clone(steps), at, at+size); fails(less) {
				steps = less
			} else {
				at += size
			}
		}
	}
	return steps
}

func (k *referralWalker) fail(rule, format string, args ...any) {
	panic(wrong(rule + ": " + fmt.Sprintf(format, args...)))
}

func (k *referralWalker) note(format string, args ...any) {
	k.story = append(k.story, fmt.Sprintf("%3d  %s  %s", len(k.story)+1, k.now().Format("2006-01-02 15:04"), fmt.Sprintf(format, args...)))
}
