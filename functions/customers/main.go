// Command customers serves /v1/customers: create or get, read, list, change and delete customers.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.Customers(withstripe.App())) }
