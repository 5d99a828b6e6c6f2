package seed

// The kinds of mistakes, as in the report.
const (
	dropped     = "required field left out"
	wrongType   = "value of a wrong type"
	wrongNull   = "null where a value must be"
	wrongEnum   = "value outside an enum"
	invented    = "invented field"
	paramNew    = "unknown parameter"
	paramType   = "parameter of a wrong type"
	paramEnum   = "parameter outside an enum"
	paramNeeded = "required parameter left out"
	eventObject = "event with a wrong object"
	eventType   = "event of an unknown type"
	inEvent     = "event: " // and one of the first five
)

// Mistakes are all kinds of mistakes, in the order of a report.
var Mistakes = []string{
	dropped, wrongType, wrongNull, wrongEnum, invented, paramNew, paramType, paramEnum, paramNeeded,
	eventObject, eventType, inEvent + dropped, inEvent + wrongType, inEvent + wrongNull, inEvent + wrongEnum, inEvent + invented,
}

// Count is how often a kind of mistake was made and caught.
type Count struct {
	Made, Caught int
	Subjects     map[string]bool // kinds of objects, operations or types of events
}

// Result is the outcome of all mistakes.
type Result struct {
	Counts map[string]*Count
	Missed []string
	Blind  int // optional fields: to a schema, omitting one is no mistake
	// Unclear are places that may have one of several kinds without a name. No
	// mistakes are made inside, as a mistake for one kind may be right for
	// another.
	Unclear []string

	done map[string]bool
}

func newResult() *Result {
	r := &Result{Counts: map[string]*Count{}, done: map[string]bool{}}
	for _, m := range Mistakes {
		r.Counts[m] = &Count{Subjects: map[string]bool{}}
	}
	return r
}

func (r *Result) unclear(place string) {
	if !r.done[place] {
		r.done[place] = true
		r.Unclear = append(r.Unclear, place)
	}
}

// Total is the number of mistakes made.
func (r *Result) Total() (n int) {
	for _, c := range r.Counts {
		n += c.Made
	}
	return n
}

// Caught is the number of mistakes found.
func (r *Result) Caught() (n int) {
	for _, c := range r.Counts {
		n += c.Caught
	}
	return n
}

// try makes a mistake once for each place of each subject.
func (r *Result) try(mistake, subject, place string, caught func() bool) {
	key := mistake + " | " + subject + " " + place
	if r.done[key] {
		return
	}
	r.done[key] = true
	c := r.Counts[mistake]
	c.Made++
	c.Subjects[subject] = true
	if caught() {
		c.Caught++
	} else {
		r.Missed = append(r.Missed, key)
	}
}
