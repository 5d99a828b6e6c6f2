// Command customers serves /v1/customers: create or get, read, list, change, delete.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.Customers(withstripe.App())) }
