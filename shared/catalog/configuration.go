package catalog

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/order"
	"windfall/shared/refusal"
)

// A Configuration says what a company offers, as a whole: what it leaves out is to go.
type Configuration struct {
	Features     *[]EditFeature  // nil: they stay as they are
	Products     *[]EditProduct  // of each all that it is to be; nil: they stay as they are
	Rewards      *[]EditReward   // of those that are Configurable; nil: they stay as they are
	Programs     *[]EditProgram  // what the second dialect says of them; nil: they stay as they are
	Coded        map[string]bool // rewards whose codes change
	KeepOthers   bool            // what is left out stays
	SkipFeatures []string        // stay as they are, whatever else is said
	SkipProducts []string
	Now          time.Time
}

// An Action is what a configuration does with one thing.
type Action string

const (
	Unchanged Action = "none"
	Created   Action = "created"
	Updated   Action = "updated"
	Archived  Action = "archived" // left out, and something needs it still
	Deleted   Action = "deleted"  // left out, and nothing ever needed it
	Skipped   Action = "skipped"
)

// A Difference is what a configuration does with one thing. Those that it lists come first, in
// its order; then those that it left out, ordered by id.
type Difference[T any] struct {
	ID      string
	Action  Action
	Before  *T             // nil for what is new
	After   *T             // nil for what is deleted
	Blocked *refusal.Error // why it can't be done; nothing is done then
}

// A ConfigurationStep is one edit on the way. Each leaves a catalog in which all rules hold.
type ConfigurationStep struct {
	Feature       *EditFeature
	Product       *EditProduct
	Reward        *EditReward
	Program       *EditProgram
	Create        bool // what one of these is about
	DeleteFeature string
	DeleteProduct string
	DeleteReward  string
	DeleteProgram string
}

// A ConfigurationChange is what a configuration would change, and how.
type ConfigurationChange struct {
	Features []Difference[Feature]
	Products []Difference[Product]
	Rewards  []Difference[Reward]
	Programs []Difference[ReferralProgram]
	Steps    []ConfigurationStep
	Before   *Catalog
	Catalog  *Catalog // as it is then
}

// Blocked is the first reason why a configuration can't be carried out, nil if there is
// none.
func (ch ConfigurationChange) Blocked() error {
	for _, f := range ch.Features {
		if f.Blocked != nil {
			return About(f.ID, f.Blocked)
		}
	}
	return nil
}

// DecideConfiguration compares a configuration with the catalog and decides each edit on
// what the ones before it leave. A feature that can't be changed or go as it is asked for
// is Blocked; whatever else a rule refuses is an error. What it leaves out:
//
//   - is deleted if nothing needs it and no customer ever held it;
//
//   - is archived otherwise;
//
//   - stays if it is archived already.
func DecideConfiguration(c *Catalog, cfg Configuration) (ConfigurationChange, error) {
	d := configuring{Configuration: cfg, was: c, draft: c.Draft()}
	d.draft.Features = c.CopyFeatures()
	d.draft.OwnProducts()
	d.draft.Rewards, d.draft.Programs = cloned(c.Rewards), cloned(c.Programs)
	for _, part := range []func() error{d.programsLeftOut, d.freeRewards, d.features, d.defaultsLeftOut,
		d.products, d.rewards, d.programs, d.givenRewards, d.productsLeftOut, d.featuresLeftOut} {
		if err := part(); err != nil {
			return ConfigurationChange{}, err
		}
	}
	order.Stable(d.goneRewards, func(a, b *Difference[Reward]) int { return strings.Compare(a.ID, b.ID) })
	d.change.Rewards, d.change.Programs = slices.Concat(d.change.Rewards, d.goneRewards), slices.Concat(d.change.Programs, d.gonePrograms)
	d.change.Before, d.change.Catalog = c, d.draft
	return d.change, nil
}

// configuring is a configuration while it is decided.
type configuring struct {
	Configuration
	was    *Catalog // before
	draft  *Catalog // after the steps so far
	change ConfigurationChange

	goneRewards  []Difference[Reward]
	gonePrograms []Difference[ReferralProgram]
}

func cloned[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

// About says in an error's message what it is about.
func About(id string, err error) error {
	var known *refusal.Error
	if !errors.As(err, &known) {
		return err
	}
	at := *known
	at.Of = id
	return &at
}

func twice(ids []string) error {
	for n, id := range ids {
		if slices.Contains(ids[:n], id) {
			return refusal.Invalid(ReasonConfiguredTwice, id)
		}
	}
	return nil
}
