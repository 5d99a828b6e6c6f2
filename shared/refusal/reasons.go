package refusal

// The reasons that more than one package gives.
const (
	ReasonChangedMeanwhile       Reason = "changed_meanwhile"
	ReasonCommandInProgress      Reason = "command_in_progress"
	ReasonStripeUnavailable      Reason = "stripe_unavailable"
	ReasonDatabaseUnavailable    Reason = "database_unavailable"
	ReasonUsageUnconfirmed       Reason = "usage_unconfirmed"
	ReasonCustomerNotFound       Reason = "customer_not_found"
	ReasonProductNotFound        Reason = "product_not_found"
	ReasonFeatureNotFound        Reason = "feature_not_found"
	ReasonFeatureWithoutBalance  Reason = "feature_without_balance"
	ReasonProductAlreadyAttached Reason = "product_already_attached"
)

// ErrStale is returned by a store when the rows changed since they were read.
// Commands answer it by reading again; callers see it only after many tries.
var ErrStale = Conflict(ReasonChangedMeanwhile)

// ErrBusy means that another money command of the customer runs and did not
// end while this one waited.
var ErrBusy = Conflict(ReasonCommandInProgress)

// ErrStripeUnavailable means that Stripe did not answer. What was begun is
// remembered and finished later.
var ErrStripeUnavailable = Unavailable(ReasonStripeUnavailable)

// ErrDatabaseUnavailable means that the database did not take the request
// after several tries.
var ErrDatabaseUnavailable = Unavailable(ReasonDatabaseUnavailable)

// ErrUnconfirmed means that the database gave no answer to a use. It may have
// counted, so repeating it blindly may count it twice.
var ErrUnconfirmed = Unavailable(ReasonUsageUnconfirmed)

func ErrCustomerNotFound(id string) *Error { return NotFound(ReasonCustomerNotFound, id) }

func ErrProductNotFound(id string) *Error { return NotFound(ReasonProductNotFound, id) }

func ErrFeatureNotFound(id string) *Error { return NotFound(ReasonFeatureNotFound, id) }

// ErrNotMetered refuses to use, or to set the balance of, a feature without one.
func ErrNotMetered(id string) *Error { return Invalid(ReasonFeatureWithoutBalance, id) }

func ErrAlreadyAttached(id string) *Error { return Invalid(ReasonProductAlreadyAttached, id) }
