package dynamo

import (
	"context"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

const (
	dayPrefix    = "DAY#"
	monthPrefix  = "MONTH#"
	figuresParts = 16 // of each figure: writes at one moment seldom wait for each other
)

// The figures of charts move in the transactions that cause them. Days sort before months:
// one Query reads the last days and every month.
func init() {
	declareAlone("redemptions of a day", "<env>#FIGURES", dayPrefix+"<yyyymmdd>#<part>")
	declareAlone("revenue of a month", "<env>#FIGURES", monthPrefix+"<yyyymm>#<currency>#<part>")
}

func figuresPK(env catalog.Env) string { return string(env) + "#FIGURES" }

func partOf(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return strconv.Itoa(int(h.Sum32() % figuresParts))
}

func (t table) figure(sk string, n int64) types.TransactWriteItem {
	k := key{figuresPK(t.env), sk}
	return t.unconditional(k, "SET v = :form ADD n :n", values{":form": newRow(k)[formVersion], ":n": integer(n)})
}

// redeemedOn counts a redemption on its day.
func (t table) redeemedOn(at time.Time, id string) types.TransactWriteItem {
	return t.figure(dayPrefix+at.UTC().Format("20060102")+"#"+partOf(id), 1)
}

func (t *transaction) CountRevenue(w app.CountRevenue) {
	t.add(t.revenue(w)...)
}

func (t table) revenue(w app.CountRevenue) items {
	if w.Amount == 0 {
		return nil
	}
	return items{t.figure(monthPrefix+w.At.UTC().Format("200601")+"#"+string(w.Currency)+"#"+partOf(w.Of), int64(w.Amount))}
}

// Figures implements app.FiguresStore.
func (s *Store) Figures(ctx context.Context, env catalog.Env, since time.Time) (app.Figures, error) {
	out := app.Figures{Redemptions: map[string]int64{}, Revenue: map[money.Currency]map[string]money.Amount{}}
	in := &dynamodb.QueryInput{TableName: &s.table, KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :first AND :last"),
		ExpressionAttributeValues: values{":pk": text(figuresPK(env)), ":first": text(dayPrefix + since.UTC().Format("20060102")), ":last": text(monthPrefix + "~")},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
	rows, err := s.allOf(ctx, in, "read the figures")
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		parts := strings.Split(r.text("SK"), "#")
		if parts[0]+"#" == dayPrefix {
			out.Redemptions[parts[1]] += r.int("n")
			continue
		}
		c := money.Currency(parts[2])
		if out.Revenue[c] == nil {
			out.Revenue[c] = map[string]money.Amount{}
		}
		out.Revenue[c][parts[1]] += money.Amount(r.int("n"))
	}
	return out, nil
}
