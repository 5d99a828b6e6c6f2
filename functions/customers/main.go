// Command customers serves /v1/customers: create or get, read, list, change and delete customers.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.Customers(withstripe.App())) }
