package dynamo

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

var april = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

// Keys are a contract with the data already stored. A change here is a
// migration, not a refactoring.
func TestKeysNeverChange(t *testing.T) {
	t.Parallel()
	const env, abc = catalog.Sandbox, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	for _, k := range []struct{ got, want key }{
		{customerKey(env, "ada"), key{"sandbox#CUS#ada", "CUSTOMER"}},
		{customerKey(catalog.Live, "ada"), key{"live#CUS#ada", "CUSTOMER"}},
		{heldKey(env, "ada", "cp_1"), key{"sandbox#CUS#ada", "PRODUCT#cp_1"}},
		{balanceKey(env, "ada", "messages"), key{"sandbox#CUS#ada", "BALANCE#messages"}},
		{entityKey(env, "ada", "seat#1"), key{"sandbox#ENTITIES#ada", "ENTITY#seat#1"}},
		{balanceKeyOf(env, "ada", entitlement.Balance{FeatureID: "messages", Entity: entitlement.EntityRef{ID: "seat#1"}}), key{"sandbox#ENTITIES#ada", "BALANCE#messages#seat#1"}},
		{operationKey(env, "ada", "op_1"), key{"sandbox#CUS#ada", "OPERATION#op_1"}},
		{ownCodeKey(env, "ada", "rs_1"), key{"sandbox#CUS#ada", "REFERRAL#rs_1"}},
		{auditKey(env, "cus_1", "01J"), key{"sandbox#LOG#cus_1", "AUDIT#01J"}},
		{invoiceKey(env, "cus_1", april, "in_1"), key{"sandbox#LOG#cus_1", "INVOICE#001806537600000#in_1"}},
		{catalogKey(env, featurePrefix, "messages"), key{"sandbox#CATALOG", "FEATURE#messages"}},
		{productKey(env, "pro", 12), key{"sandbox#CATALOG", "PRODUCT#pro#000012"}},
		{catalogKey(env, pricePrefix, "pr_1"), key{"sandbox#CATALOG", "PRICE#pr_1"}},
		{catalogKey(env, rewardPrefix, "gift"), key{"sandbox#CATALOG", "REWARD#gift"}},
		{catalogKey(env, programPrefix, "signup"), key{"sandbox#CATALOG", "PROGRAM#signup"}},
		{catalogKey(env, settingsSK, ""), key{"sandbox#CATALOG", "SETTINGS"}},
		{codeKey(env, "4exwv2", "REFERRAL"), key{"sandbox#CODE#4EXWV2", "REFERRAL"}},
		{codeKey(env, "FALL25", "PROMOTION"), key{"sandbox#CODE#FALL25", "PROMOTION"}},
		{lookUp(env, "REDEMPTION", "rr_1"), key{"sandbox#REDEMPTION#rr_1", "REDEMPTION"}},
		{redeemedKey(env, "rs_1", "cus_1"), key{"sandbox#REDEEMED#rs_1#cus_1", "REDEEMED"}},
		{lookUp(env, "EMAIL", "jo@x.io"), key{"sandbox#EMAIL#jo@x.io", "EMAIL"}},
		{lookUp(env, "STRIPE", "cus_S"), key{"sandbox#STRIPE#cus_S", "STRIPE"}},
		{trialKey(env, billing.TrialClaim{Fingerprint: "dev#1", ProductID: "pro"}), key{"sandbox#TRIAL#pro#dev#1", "TRIAL"}},
		{lookUp(env, "EVENT", "evt_1"), key{"sandbox#EVENT#evt_1", "EVENT"}},
		{lookUp(env, "REQUEST", hashed("abc")), key{"sandbox#REQUEST#" + abc, "REQUEST"}},
		{lookUp(env, "DONE", "key_1"), key{"sandbox#DONE#key_1", "DONE"}},
		{lookUp(env, "TRACKED", hashed("a", "b")), key{"sandbox#TRACKED#59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138", "TRACKED"}},
		{apiKeyKey("cafe"), key{"KEY#cafe", "KEY"}},
	} {
		if k.got != k.want {
			t.Errorf("got %v, want %v", k.got, k.want)
		}
	}
	ada := billing.Customer{ID: "Ada", InternalID: "cus_1", Email: "Ada@X.io", CreatedAt: april}
	for _, k := range [][2]string{
		{DuePartition(env, 15), "DUE#sandbox#15"},
		{dueSK(april, "op_1"), "2027-04-01T00:00:00Z#op_1"},
		{listPK(env), "sandbox#CUSTOMERS"},
		{listSK(ada), "001806537600000#cus_1"},
		{findID(ada), "ada\x1fcus_1"},
		{findEmail(ada), "ada@x.io\x1fcus_1"},
		{findName(ada), ""},
	} {
		if k[0] != k[1] {
			t.Errorf("got %s, want %s", k[0], k[1])
		}
	}
	for customerKey, shard := range map[string]int{"": 5, "ada": 11, "user_42": 1} {
		if got := ShardOf(customerKey); got != shard {
			t.Errorf("%q is in shard %d, want %d", customerKey, got, shard)
		}
	}
}

// Customer ids are the caller's own text, "#" included. Two customers, and two
// environments, must still never share a key.
func TestKeysOfTwoCustomersNeverMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		env := rapid.SampledFrom([]catalog.Env{catalog.Sandbox, catalog.Live})
		name := rapid.StringOf(rapid.SampledFrom([]rune("ab#CUS\x00live")))
		slug := rapid.StringMatching(`[ab_-]{1,4}`)
		e1, c1, f1, e2, c2, f2 := env.Draw(t, "e1"), name.Draw(t, "c1"), slug.Draw(t, "f1"), env.Draw(t, "e2"), name.Draw(t, "c2"), slug.Draw(t, "f2")
		same := e1 == e2 && c1 == c2 && f1 == f2
		for kind, of := range map[string]func(catalog.Env, string, string) key{
			"balance":  balanceKey,
			"own code": ownCodeKey,
			"redeemed": func(e catalog.Env, c, f string) key { return redeemedKey(e, f, c) },
			"trial": func(e catalog.Env, c, f string) key {
				return trialKey(e, billing.TrialClaim{Fingerprint: c, ProductID: f})
			},
		} {
			if (of(e1, c1, f1) == of(e2, c2, f2)) != same {
				t.Fatalf("%s of %s %q %s and %s %q %s: %v, %v", kind, e1, c1, f1, e2, c2, f2, of(e1, c1, f1), of(e2, c2, f2))
			}
		}
		if (customerKey(e1, c1) == customerKey(e2, c2)) != (e1 == e2 && c1 == c2) {
			t.Fatalf("%s %q and %s %q meet", e1, c1, e2, c2)
		}
	})
}

// The parts of a hashed key can't be moved from one to the other, as no
// customer id holds a control character.
func TestHashedKeysKeepTheirPartsApart(t *testing.T) {
	t.Parallel()
	if hashed("ab", "c") == hashed("a", "bc") || hashed("abc") == hashed("ab", "c") {
		t.Error("different parts have one hash")
	}
}
