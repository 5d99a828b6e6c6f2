package object

// WebhookEndpoint is an address that wants events (object "webhook_endpoint").
type WebhookEndpoint struct {
	APIVersion    Text     `json:"api_version"`
	Application   Text     `json:"application"`
	Created       int64    `json:"created"`
	Description   Text     `json:"description"`
	EnabledEvents []string `json:"enabled_events"`
	ID            string   `json:"id"`
	Livemode      bool     `json:"livemode"`
	Metadata      Metadata `json:"metadata"`
	Object        string   `json:"object"`
	Secret        string   `json:"secret,omitempty"`
	Status        string   `json:"status"`
	URL           string   `json:"url"`
}
