"""The local stack that scripts/with-stack started, and words to tell a story with."""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ["WINDFALL_URL"]
KEY = "am_sk_test_local"

# The stack's clock stands here, so times can be compared exactly.
T0 = 1806537600000  # 2027-04-01
MAY = 1809129600000


def call(method, path, body=None):
    """Calls what a client has no method for; answers the status and the body."""
    data = None if body is None and method != "POST" else json.dumps(body or {}).encode()
    ask = urllib.request.Request(BASE + path, data, {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(ask) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def post(path, body=None):
    """Makes a call that has to succeed."""
    status, answer = call("POST", path, body)
    assert status == 200, f"POST {path}: {status} {answer}"
    return answer


def until(what, ask):
    """Asks again until the answer is true: webhooks arrive a moment after the call that causes them."""
    for _ in range(200):
        if ask():
            return
        time.sleep(0.025)
    raise AssertionError(f"waited in vain until {what}")


def card(customer):
    """Puts a good card on file."""
    post(f"/_local/customers/{urllib.parse.quote(customer)}/payment_method", {"payment_method": "pm_card_visa"})


def pay(page):
    """Pays a checkout page with a good card, as a person would."""
    assert page.startswith(BASE + "/"), f"{page} is on this stack"
    post(page[len(BASE):] + "/complete", {"payment_method": "pm_card_visa"})


def holds(customer, *want):
    """Waits until a customer holds exactly these products, "pro active"."""
    def held():
        products = call("GET", f"/v1/customers/{urllib.parse.quote(customer)}")[1]["products"]
        return sorted(f"{p['id']} {p['status']}" for p in products)
    until(f"{customer} holds {want}, not {held()}", lambda: held() == sorted(want))


MONTH = {"interval": "month"}


def fresh():
    """Empties the stack and offers a small catalog."""
    post("/_local/reset")
    for feature in (
        {"id": "messages", "name": "Messages", "type": "single_use", "event_names": ["message_sent"]},
        {"id": "seats", "name": "Seats", "type": "continuous_use"},
        {"id": "dashboard", "name": "Dashboard", "type": "boolean"},
        {"id": "credits", "name": "Credits", "type": "credit_system", "credit_schema": [{"metered_feature_id": "messages", "credit_cost": 2}]},
    ):
        post("/v1/features", feature)
    messages = {"feature_id": "messages", **MONTH}
    for product in (
        {"id": "free", "name": "Free", "is_default": True, "items": [{**messages, "included_usage": 100}]},
        {"id": "pro", "name": "Pro", "items": [{"price": 20, **MONTH}, {**messages, "included_usage": 500}, {"feature_id": "dashboard"}]},
        {"id": "max", "name": "Max", "items": [{"price": 50, **MONTH}, {**messages, "included_usage": 1000}]},
        {"id": "pack", "name": "Pack", "is_add_on": True, "items": [{"feature_id": "messages", "price": 9, "billing_units": 250, "usage_model": "prepaid"}]},
        {"id": "gift", "name": "Gift", "is_add_on": True, "items": [{"feature_id": "messages", "included_usage": 50}]},
        {"id": "team", "name": "Team", "group": "teams", "items": [{"price": 20, **MONTH}, {"feature_id": "seats", "included_usage": 3},
            {**messages, "included_usage": 100, "entity_feature_id": "seats"}]},
    ):
        post("/v1/products", product)
