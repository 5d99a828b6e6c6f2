// Command table_stream files every track as an event, out of the table's
// stream, and bills the seats that a track took.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.TableStream(withstripe.App())) }
