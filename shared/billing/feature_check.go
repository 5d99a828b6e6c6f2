package billing

import "slices"

const (
	maxEventNames = 100
	maxEventName  = 200 // bytes
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
	if err := checkShards(f); err != nil {
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
		case name == "" || len(name) > maxEventName:
			return badFeature("An event name has 1 to %d bytes.", maxEventName)
		case problem != "":
			return badFeature("%s", problem)
		case slices.Contains(f.EventNames[:i], name):
			return badFeature("The event name %q is given twice.", name)
		}
	}
	return nil
}
