module windfall

go 1.26.0

require (
	github.com/aws/aws-lambda-go v1.55.1 // the runtime of each function
	github.com/aws/aws-sdk-go-v2 v1.47.7 // requests to AWS, signed
	github.com/aws/aws-sdk-go-v2/credentials v1.20.15 // keys for the local database
	github.com/aws/aws-sdk-go-v2/service/dynamodb v1.68.0 // the last without generated schemas, which add 390 KB and their set-up to each function
	github.com/aws/aws-sdk-go-v2/service/secretsmanager v1.50.10 // Stripe's keys in a deployment
	github.com/aws/smithy-go v1.28.8 // AWS's errors and endpoints
	github.com/awslabs/aws-lambda-go-api-proxy v0.16.2 // events of API Gateway as HTTP requests
	github.com/getkin/kin-openapi v0.152.0 // whether openapi.yaml is OpenAPI, in tests
	github.com/google/go-cmp v0.7.0 // differences in tests
	github.com/oklog/ulid/v2 v2.1.2 // ids that rise with time
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // exchanges against the schemas of openapi.yaml
	github.com/shopspring/decimal v1.6.0 // exact numbers
	github.com/stripe/stripe-go/v76 v76.25.0 // Stripe's API
	go.yaml.in/yaml/v3 v3.0.6 // template.yaml, read by the local stack and tests
	golang.org/x/text v0.44.0 // what jsonschema prints, in English
	pgregory.net/rapid v1.3.0 // properties over random input
)

require (
	github.com/a-h/templ v0.3.1118
	golang.org/x/crypto v0.59.0
	golang.org/x/net v0.62.0
)

require (
	github.com/a-h/parse v0.0.42 // indirect
	github.com/andybalholm/brotli v1.3.0 // indirect
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.5.10 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.8.10 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding v1.13.24 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/endpoint-discovery v1.13.10 // indirect
	github.com/cenkalti/backoff/v4 v4.3.0 // indirect
	github.com/cli/browser v1.3.0 // indirect
	github.com/fatih/color v1.19.0 // indirect
	github.com/fsnotify/fsnotify v1.10.1 // indirect
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/kr/pretty v0.3.1 // indirect
	github.com/mattn/go-colorable v0.1.16 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/natefinch/atomic v1.0.1 // indirect
	github.com/oasdiff/yaml v0.1.1 // indirect
	github.com/oasdiff/yaml3 v0.0.14 // indirect
	golang.org/x/mod v0.43.0 // indirect
	golang.org/x/sync v0.25.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
)

tool github.com/a-h/templ/cmd/templ
