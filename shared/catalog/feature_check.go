package catalog

import "slices"

const (
	maxEventNames = 100
	MaxEventName  = 200 // bytes
)

// checkFeature returns invalid_feature for a feature that can't be.
func checkFeature(c *Catalog, f Feature) error {
	switch f.Type {
	case Boolean, SingleUse, ContinuousUse, CreditSystem:
	default:
		return badFeature("%q is no type of a feature. Use boolean, single_use, continuous_use or credit_system.", f.Type)
	}
	for _, text := range [][2]string{{"name", f.Name}, {"display.singular", f.Singular}, {"display.plural", f.Plural}} {
		if problem := textProblem(text[0], text[1]); problem != "" {
			return badFeature("%s", problem)
		}
	}
	if err := checkEventNames(f); err != nil {
		return err
	}
	if err := CheckShards(f); err != nil {
		return err
	}
	return checkCredits(c, f)
}

func checkEventNames(f Feature) error {
	if len(f.EventNames) == 0 {
		return nil
	}
	if f.Type != SingleUse && f.Type != ContinuousUse {
		return badFeature("Events count for metered features only; %q is of type %s.", f.ID, f.Type)
	}
	if len(f.EventNames) > maxEventNames {
		return badFeature("A feature listens to at most %d event names.", maxEventNames)
	}
	for i, name := range f.EventNames {
		problem := textProblem("event_names", name)
		switch {
		case name == "" || len(name) > MaxEventName:
			return badFeature("An event name has 1 to %d bytes.", MaxEventName)
		case problem != "":
			return badFeature("%s", problem)
		case slices.Contains(f.EventNames[:i], name):
			return badFeature("The event name %q is given twice.", name)
		}
	}
	return nil
}

func CheckShards(f Feature) error {
	switch {
	case f.WriteShards == 0:
		return nil
	case f.WriteShards < 0 || f.WriteShards > MaxWriteShards:
		return badFeature("`write_shards` is the number of rows that uses without end are counted on: 1 to %d.", MaxWriteShards)
	case f.WriteShards > 1 && f.Type != SingleUse && f.Type != CreditSystem:
		return badFeature("`write_shards` is for features that are consumed (single_use, credit_system); %q is of type %s.", f.ID, f.Type)
	}
	return nil
}

// MaxWriteShards bounds on how many rows a balance may be counted: whoever
// reads the balance reads them all.
const MaxWriteShards = 16
