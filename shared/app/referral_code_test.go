package app_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

func ptr[V any](v V) *V { return &v }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drawing hands out these codes one after the other.
func drawing(codes ...string) func() string {
	var mu sync.Mutex
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		code := codes[0]
		if len(codes) > 1 {
			codes = codes[1:]
		}
		return code
	}
}

func TestACodeThatIsTakenIsDrawnAgain(t *testing.T) {
	a := shoptest.New(t, "ada", "bob")
	a.NewCode = drawing("AAAAAA", "AAAAAA", "AAAAAA", "BBBBBB")
	ada, err := a.ReferralCode(t.Context(), shoptest.Caller, "ada", "signup")
	must(t, err)
	bob, err := a.ReferralCode(t.Context(), shoptest.Caller, "bob", "signup")
	must(t, err)
	if ada.Code != "AAAAAA" || bob.Code != "BBBBBB" {
		t.Errorf("got %s and %s", ada.Code, bob.Code)
	}
}

func TestDrawingCodesEndsSometime(t *testing.T) {
	a := shoptest.New(t, "ada", "bob")
	draws := 0
	a.NewCode = func() string { draws++; return "AAAAAA" }
	a.Pause = func(context.Context, int) bool { return true }
	_, err := a.ReferralCode(t.Context(), shoptest.Caller, "ada", "signup")
	must(t, err)
	_, err = a.ReferralCode(t.Context(), shoptest.Caller, "bob", "signup")
	if kind(err) != refusal.KindUnavailable || draws != 1+10 {
		t.Errorf("after %d draws: %v", draws, err)
	}
}

func TestCustomersAskingAtOnceGetOneCode(t *testing.T) {
	a := shoptest.New(t, "ada")
	codes := make([]string, 32)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() {
			code, err := a.ReferralCode(t.Context(), shoptest.Caller, "ada", "signup")
			if err != nil {
				t.Error(err)
			}
			codes[i] = code.Code
		})
	}
	wait.Wait()
	if slices.Sort(codes); len(slices.Compact(codes)) != 1 {
		t.Errorf("codes %v", codes)
	}
}

// A customer who is deleted while a code is made leaves no code behind.
func TestACodeNeverOutlivesItsCustomer(t *testing.T) {
	a := shoptest.New(t, "ada")
	a.NewCode = func() string {
		s, _, err := a.Store.State(t.Context(), catalog.Sandbox, "ada")
		must(t, err)
		if s.Customer.InternalID != "" {
			must(t, a.Store.Commit(t.Context(), catalog.Sandbox, app.DeleteCustomer{Customer: s.Customer}))
		}
		return "AAAAAA"
	}
	if _, err := a.ReferralCode(t.Context(), shoptest.Caller, "ada", "signup"); kind(err) != refusal.KindNotFound {
		t.Errorf("got %v", err)
	}
	if _, found, err := a.Store.ReferralCode(t.Context(), catalog.Sandbox, "AAAAAA"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}
