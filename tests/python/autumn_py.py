"""autumn-py 3.1.9, the first generation: every operation, waiting and asynchronous."""

import asyncio
import unittest

import autumn
from autumn.error import AutumnHTTPError
from autumn.models.balance import Balance
from autumn.models.meta import CustomerData, FeatureOptions, ProductOptions
from autumn.models.products import FreeTrial, ProductItem

from coverage import Calls, public_methods, run
from stack import BASE, KEY, MAY, T0, card, fresh, holds, pay, post


def connect(name, client, wait):
    """Calls of a client, by the names of its methods and of those of its groups."""
    groups = {name: part for name, part in vars(client).items() if type(part).__module__.startswith("autumn.") and name != "http"}
    operations = {name for name in public_methods(type(client)) if name != "close"}
    operations |= {f"{group}.{name}" for group, part in groups.items() for name in public_methods(type(part))}

    def call(operation, *args, **kwargs):
        of = client
        for part in operation.split("."):
            of = getattr(of, part)
        return wait(of(*args, **kwargs))

    return Calls(name, operations, call)


class Waiting(unittest.TestCase):
    """The client that waits for each answer."""

    @classmethod
    def setUpClass(cls):
        fresh()
        cls.client = autumn.client.Client(KEY, base_url=BASE, max_retries=0)
        cls.autumn = CALLS[cls.__name__] = connect(f"autumn-py 3.1.9 {cls.__name__}", cls.client, lambda answer: answer)
        cls.addClassCleanup(cls.client.http.close)

    def refused(self, status, code, operation, *args, **kwargs):
        """Expects a refusal, and returns its sentence."""
        with self.assertRaises(AutumnHTTPError) as refusal:
            operation(*args, **kwargs)
        self.assertEqual((refusal.exception.status_code, refusal.exception.code), (status, code), refusal.exception.message)
        return refusal.exception.message

    def payer(self, customer):
        self.autumn.customers.create(customer)
        card(customer)
        return customer

    def test_customers(self):
        customers = self.autumn.customers
        made = customers.create("ada@example.com", name="Ada", email="ada@example.com", metadata={"team": {"size": 3}})
        self.assertEqual((made.id, made.name, made.email, made.created_at, made.env.value, made.metadata), ("ada@example.com", "Ada", "ada@example.com", T0, "sandbox", {"team": {"size": 3}}))
        self.assertEqual([(p.id, p.status.value) for p in made.products], [("free", "active")])
        messages = made.features["messages"]
        self.assertEqual((messages.type.value, messages.balance, messages.included_usage, messages.interval.value, messages.next_reset_at), ("single_use", 100, 100, "month", MAY))
        changed = customers.update("ada@example.com", name="Ada L.", fingerprint="device")
        self.assertEqual((changed.name, changed.fingerprint), ("Ada L.", "device"))
        wide = customers.get("ada@example.com", expand=["invoices", "rewards", "trials_used", "entities", "referrals", "payment_method"])
        self.assertEqual((wide.invoices, wide.referrals, wide.payment_method), ([], [], None))
        page = customers.get_billing_portal("ada@example.com", return_url="https://app.example/account")
        self.assertEqual((page.customer_id, page.url.startswith(BASE)), ("ada@example.com", True))
        customers.delete("ada@example.com")
        self.refused(404, "customer_not_found", customers.get, "ada@example.com")
        self.refused(404, "customer_not_found", customers.delete, "ada@example.com")
        self.refused(400, "invalid_request", customers.create, "x" * 300)

    def test_a_list_of_customers(self):
        for name in "abc":
            self.autumn.customers.create(f"listed-{name}")
        seen, page = [], None
        while page is None or len(page.list) == 2:
            page = self.autumn.customers.list(limit=2, offset=len(seen))
            seen += [customer.id for customer in page.list]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual({"listed-a", "listed-b", "listed-c"}, set(seen))
        self.refused(400, "invalid_inputs", self.autumn.customers.list, limit=0)

    def test_a_pricing_table(self):
        self.autumn.customers.create("shopper")
        shown = {product.id: product for product in self.autumn.customers.pricing_table("shopper").list}
        self.assertEqual((shown["pro"].name, shown["pro"].price.primaryText, shown["pro"].price.secondaryText), ("Pro", "$20", "per month"))
        self.assertTrue(shown["pro"].buttonText)
        self.assertEqual([(item.primaryText, item.secondaryText) for item in shown["pro"].items], [("$20", "per month"), ("500 Messages", "per month"), ("Dashboard", None)])
        self.assertEqual({p.buttonText for p in self.autumn.customers.pricing_table("nobody").list}, {"Current plan", "Upgrade", "Get started", "Purchase"})
        self.refused(400, "invalid_request", self.autumn.customers.pricing_table, "x" * 300)

    def test_products(self):
        products = self.autumn.products
        items = [ProductItem(price=30, interval="month"), ProductItem(feature_id="messages", included_usage=10, price=0.5, billing_units=10, interval="month", usage_model="pay_per_use"),
            ProductItem(feature_id="seats", included_usage="inf")]
        made = products.create("studio", name="Studio", items=items, free_trial=FreeTrial(duration="day", length=14, unique_fingerprint=True))
        self.assertEqual((made.id, made.name, made.version, made.created_at, made.free_trial.length), ("studio", "Studio", 1, T0, 14))
        self.assertEqual([(i.feature_id, i.price, i.included_usage) for i in made.items], [(None, 30, None), ("messages", 0.5, 10), ("seats", None, "inf")])
        self.assertEqual(products.get("studio"), made)
        products.update("studio", name="Atelier", items=made.items[:1])
        changed = products.get("studio")
        self.assertEqual((changed.name, [i.price for i in changed.items], changed.free_trial.length), ("Atelier", [30], 14))
        self.autumn.customers.create("lister")
        listed = {p.id: p.scenario for p in products.list(customer_id="lister").list}
        self.assertEqual((listed["studio"].value, listed["free"].value), ("upgrade", "active"))
        products.delete("studio")
        self.refused(404, "product_not_found", products.get, "studio")
        self.refused(400, "product_already_exists", products.create, "pro", name="Pro")
        self.refused(404, "product_not_found", products.update, "studio", name="Studio")
        self.refused(400, "product_has_customers", products.delete, "free")

    def test_purchases(self):
        ask = self.autumn
        page = ask.attach("buyer", product_id="pro", success_url="https://app.example/thanks", customer_data=CustomerData(name="Buyer"))
        self.assertEqual((page.customer_id, page.code, page.product_ids), ("buyer", "checkout_created", ["pro"]))
        pay(page.checkout_url)
        holds("buyer", "pro active")
        invoices = ask.customers.get("buyer", expand=["invoices"]).invoices
        self.assertEqual([(i.product_ids, i.status, i.total, i.currency) for i in invoices], [(["pro"], "paid", 20, "usd")])
        seen = ask.checkout("buyer", product_id="max")
        self.assertEqual((seen.url, seen.total, seen.has_prorations, seen.current_product.id, seen.product.scenario.value, seen.next_cycle.total), (None, 30, True, "pro", "upgrade", 50))
        self.assertEqual([line.amount for line in seen.lines], [-20, 50])
        self.assertEqual(ask.attach("buyer", product_id="max").code, "upgraded_to_new_product")
        done = ask.attach("buyer", product_ids=["pack"], options=[FeatureOptions(feature_id="messages", quantity=500)])
        self.assertEqual(done.product_ids, ["pack"])
        ended = ask.cancel("buyer", "max")
        self.assertEqual((ended.success, ended.customer_id, ended.product_id), (True, "buyer", "max"))
        holds("buyer", "max active", "free scheduled", "pack active")
        ask.cancel("buyer", "max", cancel_immediately=True)
        holds("buyer", "free active", "pack active")
        self.refused(404, "product_not_found", ask.cancel, "buyer", "max")
        self.refused(404, "product_not_found", ask.attach, "buyer", product_id="nothing")
        self.refused(400, "product_already_attached", ask.attach, "buyer", product_id="free")
        self.refused(404, "product_not_found", ask.checkout, "buyer", product_id="nothing")

    def test_a_page_that_shows_what_will_be_paid(self):
        seen = self.autumn.checkout("undecided", product_id="pack", options=[FeatureOptions(feature_id="messages", quantity=300)])
        self.assertEqual((seen.total, seen.currency, seen.options[0].quantity, seen.product.id), (18, "usd", 500, "pack"))
        pay(seen.url)
        holds("undecided", "free active", "pack active")
        pair = self.autumn.checkout(self.payer("pair"), products=[ProductOptions(product_id="pro"), ProductOptions(product_id="team")])
        self.assertEqual(pair.total, 40)

    def test_use(self):
        ask = self.autumn
        seen = ask.check("eve", feature_id="messages", customer_data=CustomerData(name="Eve"))
        self.assertEqual((seen.allowed, seen.code, seen.customer_id, seen.feature_id, seen.balance), (True, "feature_found", "eve", "messages", 100))
        done = ask.track("eve", "messages", value=30, properties={"page": "home"})
        self.assertEqual((done.code, done.customer_id, done.feature_id), ("event_received", "eve", "messages"))
        self.assertEqual(ask.track("eve", event_name="message_sent").event_name, "message_sent")
        self.assertEqual(ask.check("eve", feature_id="messages", required_balance=5, send_event=True).balance, 64)
        self.assertFalse(ask.check("eve", feature_id="messages", required_balance=65).allowed)
        self.assertTrue(ask.check("eve", feature_id="dashboard", with_preview=True).allowed is False)
        held = ask.check("eve", product_id="free")
        self.assertEqual((held.allowed, held.product_id, held.status), (True, "free", "active"))
        once = {"value": 2, "idempotency_key": "once"}
        ask.track("eve", "messages", **once)
        self.refused(409, "duplicate_idempotency_key", ask.track, "eve", "messages", **once)
        days = ask.query("eve", "messages", range="7d").list
        self.assertEqual(sum(day.get_usage("messages") or 0 for day in days), 38)
        ask.features.set_usage("eve", "messages", 10)
        self.assertEqual(ask.check("eve", feature_id="messages").balance, 90)
        ask.features.set_balances("eve", [Balance(feature_id="messages", balance=7)])
        self.assertEqual(ask.check("eve", feature_id="messages").balance, 7)
        self.refused(404, "feature_not_found", ask.check, "eve", feature_id="nothing")
        self.refused(404, "feature_not_found", ask.track, "eve", "nothing")
        self.refused(404, "customer_not_found", ask.query, "nobody", "messages")
        self.refused(404, "feature_not_found", ask.features.set_balances, "eve", [Balance(feature_id="nothing", balance=7)])

    def test_entities(self):
        ask = self.autumn
        ask.attach(self.payer("office"), product_id="team")
        made = ask.entities.create("office", "desk", "seats", "Front desk")
        self.assertEqual((made.id, made.name, made.customer_id, made.created_at, made.features["messages"].balance), ("desk", "Front desk", "office", T0, 200))
        ask.track("office", "messages", entity_id="desk", value=30)
        self.assertEqual(ask.check("office", feature_id="messages", entity_id="desk").balance, 170)
        self.assertEqual(ask.entities.get("office", "desk", expand=["invoices"]).features["messages"].balance, 170)
        sentence = self.refused(404, "not_supported", ask.entities.transfer, "office", "desk", "pro")
        self.assertIn("POST /v1/attach", sentence)
        self.refused(409, "duplicate_entity_id", ask.entities.create, "office", "desk", "seats", "Again")
        ask.entities.delete("office", "desk")
        self.refused(404, "entity_not_found", ask.entities.get, "office", "desk")

    def test_referrals(self):
        products = self.autumn.products
        post("/v1/rewards", {"id": "fifty", "name": "50 messages", "type": "free_product", "free_product_id": "gift"})
        post("/v1/reward_programs", {"id": "invite", "when": "customer_creation", "internal_reward_id": "fifty", "received_by": "all"})
        for name in ("bringer", "brought"):
            self.autumn.customers.create(name)
        code = products.get_referral_code("bringer", "invite")
        self.assertEqual((code.customer_id, code.created_at), ("bringer", T0))
        done = products.redeem_referral_code(code.code, "brought", "fifty")
        self.assertEqual((done.customer_id, done.reward_id), ("brought", "fifty"))
        self.assertEqual(self.autumn.check("brought", feature_id="messages").balance, 150)
        self.assertTrue(all(r.reward_applied for r in self.autumn.customers.get("bringer", expand=["referrals"]).referrals))
        self.refused(400, "customer_already_redeemed_referral_code", products.redeem_referral_code, code.code, "brought", "fifty")
        self.assertIn("fifty", self.refused(400, "invalid_inputs", products.redeem_referral_code, code.code, "brought", "other"))
        self.refused(404, "referral_code_not_found", products.redeem_referral_code, "NOTHING", "brought", "fifty")
        self.refused(404, "reward_program_not_found", products.get_referral_code, "bringer", "nothing")

    def test_a_key_that_opens_nothing(self):
        stranger = autumn.client.Client("am_sk_test_unknown", base_url=BASE, max_retries=0)
        self.refused(401, "invalid_secret_key", stranger.customers.get, "x")


class Asynchronous(Waiting):
    """The client that the package exports as Autumn: the same, awaited."""

    @classmethod
    def setUpClass(cls):
        fresh()
        loop = asyncio.new_event_loop()
        cls.addClassCleanup(loop.close)
        cls.client = autumn.Autumn(KEY, base_url=BASE, max_retries=0)
        cls.addClassCleanup(lambda: loop.run_until_complete(cls.client.close()))
        cls.autumn = CALLS[cls.__name__] = connect(f"autumn-py 3.1.9 {cls.__name__}", cls.client, run(loop))


CALLS = {}
