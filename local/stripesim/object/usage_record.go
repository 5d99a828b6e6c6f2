package object

// UsageRecord is a reading of a metered price (object "usage_record").
type UsageRecord struct {
	ID               string `json:"id"`
	Livemode         bool   `json:"livemode"`
	Object           string `json:"object"`
	Quantity         int64  `json:"quantity"`
	SubscriptionItem string `json:"subscription_item"`
	Timestamp        int64  `json:"timestamp"`
}

// UsageRecordSummary is a part of the object in this file.
type UsageRecordSummary struct {
	ID               string     `json:"id"`
	Invoice          Text       `json:"invoice"`
	Livemode         bool       `json:"livemode"`
	Object           string     `json:"object"`
	Period           OpenPeriod `json:"period"`
	SubscriptionItem string     `json:"subscription_item"`
	TotalUsage       int64      `json:"total_usage"`
}

// OpenPeriod is a part of the object in this file.
type OpenPeriod struct {
	End   Stamp `json:"end"`
	Start Stamp `json:"start"`
}
