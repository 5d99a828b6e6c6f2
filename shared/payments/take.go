package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/pageparams"
	"windfall/shared/refusal"
)

// Perform implements app.Payments. Steps that need the customer or a price find
// them in r, from earlier steps or the caller.
func (s *Stripe) Perform(ctx context.Context, env catalog.Env, ref app.Ref, step billing.Step, r billing.Results) (billing.Results, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return r, err
	}
	taken, err := job{account: a, ref: ref, step: step.Name}.take(ctx, step, r)
	if err != nil {
		return r, a.explain(err)
	}
	return taken, nil
}

// A job is one step of one operation being taken.
type job struct {
	account
	ref  app.Ref
	step string // its name
}

func (j job) take(ctx context.Context, step billing.Step, r billing.Results) (billing.Results, error) {
	switch {
	case step.ExpireSession != nil:
		return r, j.expireSession(ctx, step.ExpireSession.SessionID)
	case step.Customer != nil:
		return j.newCustomer(ctx, step.Customer, r)
	case step.Price != nil:
		return j.newPrice(ctx, step.Price, r)
	case step.Subscription != nil:
		return j.newSubscription(ctx, step.Subscription, r)
	case step.Invoice != nil:
		return j.newInvoice(ctx, step.Invoice, r)
	case step.Session != nil:
		return j.newSession(ctx, step.Session, r)
	case step.Usage != nil:
		return j.addUsage(ctx, step.Usage, r)
	case step.Change != nil:
		return j.changeSubscription(ctx, step.Change, r)
	case step.Plan != nil:
		return j.setPlan(ctx, step.Plan, r)
	case step.End != nil:
		return j.endSubscription(ctx, step.End, r)
	case step.Discount != nil:
		return j.putDiscount(ctx, step.Discount, r)
	case step.EndDiscount != nil:
		return j.endDiscount(ctx, step.EndDiscount, r)
	case step.Balance != nil:
		return j.postCredits(ctx, step.Balance, r)
	case step.Delete != nil:
		return r, j.deleteCustomer(ctx, r.CustomerID)
	}
	return r, refusal.Invalid(app.ReasonUnknownStep, step.Name)
}

// params are those of a call without once: it may be repeated.
func (j job) params(ctx context.Context, part string) stripe.Params {
	return keyed(ctx, j.keyOf(part))
}

// keyOf is the Idempotency-Key of a call: SHA-256 in hex, because ids and names
// may be longer than Stripe's limit of 255 characters.
func (j job) keyOf(part string) string {
	name := j.ref.OperationID + "/" + j.step
	if part != "" {
		name += "/" + part
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

func keyed(ctx context.Context, key string) stripe.Params {
	return stripe.Params{Context: ctx, IdempotencyKey: &key}
}

// The names of our own metadata. Callers can't overwrite them.
const (
	metaOperation = "operation_id"
	metaStep      = "step"    // of the operation that made an invoice
	metaCommand   = "command" // number of the last command that changed a subscription
	metaCustomer  = "customer_id"
	metaInternal  = "internal_id"
	metaProducts  = "product_ids"
	metaEnv       = "env"
	metaItem      = "item_id"
	metaUse       = "use"              // name of a billed use
	metaMoved     = "moved_from"       // the item that waited for a subscription until its end
	metaWithdrawn = "end_withdrawn_by" // the operation that last withdrew an end
	metaProduct   = "product_id"
	metaFeature   = "feature_id"
	metaUnits     = "billing_units"
	metaRemovable = "removable_items"
	metaReward    = "reward_operation" // put the last discount on a customer
	metaBack      = "reward_put_back"  // put a discount back that was used up for nothing
	metaOf        = "reward_of"        // the redemption that gave the last discount of a customer …
	metaOfBefore  = "reward_of_before" // … and the one before: a discount may have to be put back that was used up
	metaRewardID  = "reward_id"        // of a coupon

	metaRewardEnded = "reward_ended_by" // the operation that last ended a discount of a reversed reward
	metaCredits     = "invoice_credits" // of a coupon or a line: it is a payment by credits
	metaCode        = "code"            // of a promotion code: its text, as only we know it for sure …
	metaCodeOf      = "code_of"         // … the internal id of its customer …
	metaCodeMade    = "code_made"       // … and when it was made, in milliseconds
	metaRewardKey   = "reward_key"      // internal id of the reward of a promotion code
	metaShared      = "reward_limit"    // a promotion code takes from what its reward has left
	metaMonths      = "credit_months"   // until the credits of a promotion code expire
	metaList        = "list_amount"     // what a credit would be if all of it had been paid
	metaFor         = "seats_of"        // the subscription whose seats a line is for
	metaPost        = "credit_post"     // names a transaction of ours on a customer's balance …
	metaPostKind    = "credit_kind"     // … what it is for …
	metaGrant       = "credit_grant"    // … of which grant …
	metaPostOf      = "credit_of"       // … and of which invoice, or of which other one
	metaListAll     = "list_amount_all" // … and for all seats of the item
	metaWhole       = "whole_period"    // when the period began that a charge pays for as a whole

	// The last change of a subscription.
	metaChange     = "change_id" // its operation
	metaChangeStep = "change_step"
	metaCollection = "collection_after" // how to collect it once the change is invoiced
)

// metadata ties an object at Stripe to the operation that created it.
func (j job) metadata() map[string]string {
	m := map[string]string{
		metaOperation: j.ref.OperationID,
		metaCustomer:  j.ref.CustomerID,
		metaInternal:  j.ref.InternalID,
		metaEnv:       string(j.env),
	}
	if ids := joinIDs(j.ref.ProductIDs); ids != "" {
		m[metaProducts] = ids
	}
	return m
}

// purchaseMetadata is metadata with the notes of the caller, for what a purchase makes. Ours override
// them.
func (j job) purchaseMetadata() map[string]string { return j.withNotes(j.metadata()) }

func (j job) withNotes(ours map[string]string) map[string]string {
	m := maps.Clone(j.ref.Notes)
	if m == nil {
		return ours
	}
	maps.Copy(m, ours)
	return m
}

// notesFit refuses the notes of a purchase that would leave no room on its subscription for ours:
// Stripe keeps 50 keys, and an end or a later change could not be noted.
func (j job) notesFit(sub *stripe.Subscription) error {
	if len(j.ref.Notes) == 0 {
		return nil
	}
	all := maps.Clone(j.ref.Notes)
	for key := range sub.Metadata {
		if !slices.Contains(pageparams.OwnMetadata, key) && !slices.Contains(pageparams.OwnNotes, key) {
			all[key] = "-"
		}
	}
	maps.DeleteFunc(all, func(key, _ string) bool { value, given := j.ref.Notes[key]; return given && value == "" }) // Stripe deletes it
	if len(all) <= billing.MaxNotes {
		return nil
	}
	return refusal.Invalid(app.ReasonStripeSaysNo, fmt.Sprintf("metadata: the subscription keeps at most %d keys, with those of the purchases before; with these it would have %d. "+
		"Use the same names again, or delete some at Stripe.", billing.MaxNotes, len(all)))
}

// made reports whether an object with this metadata was created by this
// operation.
func (j job) made(metadata map[string]string) bool {
	return metadata[metaOperation] == j.ref.OperationID
}

// metadataLimit is the longest value Stripe keeps.
//
// Source: https://docs.stripe.com/api/metadata
const metadataLimit = 500

// joinIDs lists as many ids as fit in a metadata value.
func joinIDs(ids []string) string {
	var list strings.Builder
	for _, id := range ids {
		if list.Len()+len(id)+1 > metadataLimit {
			break
		}
		if list.Len() > 0 {
			list.WriteByte(',')
		}
		list.WriteString(id)
	}
	return list.String()
}

func splitIDs(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
