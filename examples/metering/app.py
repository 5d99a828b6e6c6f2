"""An API that is metered: a middleware counts each call before it is answered, and a month is billed.

    python app.py

subscribes one caller, serves six calls, and prints the invoices. Start it again a month later (the page of `make dev`
has a button for that) to see what the calls came to.
"""

import json
import os
import threading
import urllib.error
import urllib.request
from datetime import datetime, timezone
from wsgiref.simple_server import WSGIRequestHandler, make_server

from autumn_sdk import Autumn
from autumn_sdk.errors import AutumnDefaultError

autumn = Autumn(
    secret_key=os.environ.get("AUTUMN_SECRET_KEY", "am_sk_test_local"),
    server_url=os.environ.get("WINDFALL_URL", "http://127.0.0.1:8787"),
)
CUSTOMERS = {"key-of-ada": "ada-api"}  # API key -> customer: your own table


def sell():
    """Makes what is sold. A real application does this once, with `npx atmn push`."""
    once(autumn.features.create, feature_id="api-calls", name="API calls", type_="metered", consumable=True)
    month = {"interval": "month", "interval_count": 1}
    once(autumn.plans.create, plan_id="api", name="API", group="api", price={"amount": 5, **month},
         items=[{"feature_id": "api-calls", "included": 3,  # of each month; what is beyond them is billed with the next
                 "price": {"amount": 0.5, "billing_units": 1, "billing_method": "usage_based", **month}}])


def once(create, **what):
    """Makes what may be there already."""
    try:
        create(**what)
    except AutumnDefaultError as refusal:
        if json.loads(refusal.body)["code"] not in ("duplicate_feature_id", "product_already_exists"):
            raise


class Metered:
    """WSGI middleware: lets a call through if its customer may make it, and counts it."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        customer = CUSTOMERS.get(environ.get("HTTP_X_API_KEY"))
        if customer is None:
            return refuse(start_response, "401 Unauthorized", "Send your key in X-API-Key.")
        # Compared and counted in one step, so that of two calls at once only one gets the last unit. If Windfall is
        # out of reach, the client says yes: an outage of billing is none of the API.
        seen = autumn.check(customer_id=customer, feature_id="api-calls", required_balance=1, send_event=True)
        if not seen.allowed:
            return refuse(start_response, "402 Payment Required", "Your plan has no calls. Subscribe first.")
        return self.app(environ, start_response)


def refuse(start_response, status, message):
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps({"message": message}).encode()]


def hello(environ, start_response):
    """The API itself knows nothing of all this."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"hello": "world"}']


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main():
    sell()
    autumn.customers.get_or_create(customer_id="ada-api", name="Ada")
    with make_server("127.0.0.1", 0, Metered(hello), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        if not any(s.plan_id == "api" for s in autumn.customers.get(customer_id="ada-api").subscriptions):
            print("Before Ada subscribes:", status(server, "key-of-ada"))
            page = autumn.billing.attach(customer_id="ada-api", plan_id="api", success_url="https://example.com/thanks").payment_url
            if page:
                return print("Subscribe here, then start this again:", page)
        print("Six calls:", *(status(server, "key-of-ada") for _ in range(6)))
        print("With another key:", status(server, "key-of-nobody"))
        server.shutdown()

    balance = autumn.check(customer_id="ada-api", feature_id="api-calls").balance
    print(f"{balance.usage:g} calls this month, {balance.granted:g} of them included. Invoices so far:")
    for invoice in autumn.invoices.list(customer_id="ada-api").list:  # newest first
        print(f"  {datetime.fromtimestamp(invoice.created_at / 1000, timezone.utc):%d %B %Y}: ${invoice.total:g}, {invoice.status}")


def status(server, key):
    """Calls the API as its users do."""
    ask = urllib.request.Request(f"http://127.0.0.1:{server.server_port}/hello", headers={"X-API-Key": key})
    try:
        return urllib.request.urlopen(ask).status
    except urllib.error.HTTPError as refusal:
        return refusal.code


if __name__ == "__main__":
    main()
