package wire

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	smithy "github.com/aws/smithy-go/endpoints"
)

// An endpoint is the address of the database, resolved once. The SDK's own
// resolver compiles a dozen regular expressions for every request, which is
// half of all that a check allocates. A client has one region and one address,
// so the first answer holds for all requests.
type endpoint struct {
	next  dynamodb.EndpointResolverV2
	mu    sync.Mutex
	found *smithy.Endpoint
}

func newEndpoint() *endpoint { return &endpoint{next: dynamodb.NewDefaultEndpointResolverV2()} }

// ResolveEndpoint implements dynamodb.EndpointResolverV2.
func (e *endpoint) ResolveEndpoint(ctx context.Context, p dynamodb.EndpointParameters) (smithy.Endpoint, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.found == nil {
		found, err := e.next.ResolveEndpoint(ctx, p)
		if err != nil {
			return found, err
		}
		e.found = &found
	}
	return *e.found, nil
}
