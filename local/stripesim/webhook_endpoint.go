package stripesim

import (
	"net/url"

	"windfall/local/stripesim/object"
)

var webhookRoutes = []endpoint{
	{"POST /v1/webhook_endpoints", "api_version connect:b description enabled_events!:[s] metadata:m url!", createWebhook},
	{"GET /v1/webhook_endpoints", pageParams, listWebhooks},
	{"GET /v1/webhook_endpoints/{id}", "", getWebhook},
	{"POST /v1/webhook_endpoints/{id}", "description disabled:b enabled_events:[s] metadata:m url", updateWebhook},
	{"DELETE /v1/webhook_endpoints/{id}", "", deleteWebhook},
}

func createWebhook(c *call) (any, error) {
	if v := c.p.Str("api_version"); v != "" && v != Version {
		return nil, invalid("api_version", "This simulator sends events of version %s only.", Version)
	}
	id := c.newID("we_")
	for _, taken := find[*object.WebhookEndpoint](c.tx, id); taken; _, taken = find[*object.WebhookEndpoint](c.tx, id) {
		id = c.newID("we_") // endpoints outlive a reset, numbers do not
	}
	w := &object.WebhookEndpoint{ID: id, Object: "webhook_endpoint", APIVersion: Version, Created: c.now, Status: "enabled", EnabledEvents: []string{}}
	w.Secret = c.newID("whsec_")
	c.put(w)
	if err := c.setWebhook(w); err != nil {
		return nil, err
	}
	return w, nil
}

func (c *call) setWebhook(w *object.WebhookEndpoint) error {
	text(&w.Description, c.p, "description")
	if c.p.Given("url") {
		w.URL = c.p.Str("url")
		if u, err := url.Parse(w.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return invalidCode("url_invalid", "url", "Invalid URL: An explicit scheme (such as https) must be provided.")
		}
	}
	if c.p.Given("enabled_events") {
		w.EnabledEvents = c.p.Strings("enabled_events")
	}
	if c.p.Given("disabled") {
		if w.Status = "enabled"; c.p.Bool("disabled") {
			w.Status = "disabled"
		}
	}
	var err error
	w.Metadata, err = mergeMetadata(w.Metadata, c.p)
	return err
}

func getWebhook(c *call) (any, error) {
	w, err := need[*object.WebhookEndpoint](c.tx, "webhook endpoint", c.id, "id")
	if err != nil {
		return nil, err
	}
	return withoutSecret(w), nil
}

// withoutSecret: the secret is only shown when the endpoint is created.
func withoutSecret(w *object.WebhookEndpoint) *object.WebhookEndpoint {
	c := *w
	c.Secret = ""
	return &c
}

func updateWebhook(c *call) (any, error) {
	if _, err := need[*object.WebhookEndpoint](c.tx, "webhook endpoint", c.id, "id"); err != nil {
		return nil, err
	}
	w := edit[*object.WebhookEndpoint](c.tx, c.id)
	if err := c.setWebhook(w); err != nil {
		return nil, err
	}
	return withoutSecret(w), nil
}

func deleteWebhook(c *call) (any, error) {
	w, err := need[*object.WebhookEndpoint](c.tx, "webhook endpoint", c.id, "id")
	if err != nil {
		return nil, err
	}
	c.remove(w)
	return object.Deleted{ID: c.id, Object: "webhook_endpoint", Deleted: true}, nil
}

func listWebhooks(c *call) (any, error) {
	rows := all[*object.WebhookEndpoint](c.tx)
	for i, w := range rows {
		rows[i] = withoutSecret(w)
	}
	return pageNewest(c, rows, nil)
}
