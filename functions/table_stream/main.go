// Command table_stream files each usage record as an event, from the table's
// stream, and bills the seats of a track.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.TableStream(withstripe.App())) }
