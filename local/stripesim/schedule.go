package stripesim

import "windfall/local/stripesim/object"

var scheduleRoutes = []endpoint{}

func scheduleDue(*object.Schedule) int64                        { return 0 }
func (t *tx) scheduleFalls(*object.Schedule) error              { return nil }
func (t *tx) scheduleEnded(*object.Subscription)                {}
func (t *tx) runSchedule(*object.Subscription) error            { return nil }
func (t *tx) freeOfSchedule(*object.Subscription, string) error { return nil }
