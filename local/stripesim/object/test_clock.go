package object

// TestClock is a clock some customers live on (object "test_helpers.test_clock").
type TestClock struct {
	Created      int64  `json:"created"`
	DeletesAfter int64  `json:"deletes_after"`
	FrozenTime   int64  `json:"frozen_time"`
	ID           string `json:"id"`
	Livemode     bool   `json:"livemode"`
	Name         Text   `json:"name"`
	Object       string `json:"object"`
	Status       string `json:"status"`

	State TestClockState `json:"-"`
}
