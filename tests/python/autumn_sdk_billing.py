"""autumn-sdk 1.2.0: billing and invoices, and what is not offered here."""

from stack import BASE, MAY, MONTH, T0, holds, pay, post
from autumn_sdk_calls import both


def quantity(of):
    return [{"feature_id": "messages", "quantity": of}]


class Billing:
    def test_attach(self):
        billing = self.sdk.billing
        preview = billing.preview_attach(customer_id="ada", plan_id="pro")
        self.assertEqual((preview.customer_id, preview.total, preview.subtotal, preview.currency, preview.redirect_to_checkout, preview.checkout_type), ("ada", 20, 20, "usd", True, "stripe_checkout"))
        page = billing.attach(customer_id="ada", plan_id="pro", success_url="https://example.com/ok")
        self.assertEqual((page.customer_id, page.required_action.code), ("ada", "payment_method_required"))
        pay(page.payment_url)
        holds("ada", "pro active")
        preview = billing.preview_attach(customer_id="ada", plan_id="max")
        self.assertEqual(([(l.plan_id, l.total, l.quantity) for l in preview.line_items], preview.next_cycle.total, preview.next_cycle.starts_at), ([("pro", -20, 1), ("max", 50, 1)], 50, MAY))
        done = billing.attach(customer_id="ada", plan_id="max", metadata={"why": "more"})
        self.assertEqual((done.payment_url, done.invoice.status, done.invoice.total, done.invoice.currency), (None, "paid", 30, "usd"))
        self.refused(409, "plan_already_attached", billing.attach, customer_id="ada", plan_id="max")
        self.refused(404, "product_not_found", billing.preview_attach, customer_id="ada", plan_id="nothing")

    def test_update(self):
        billing = self.sdk.billing
        billing.attach(customer_id=self.payer("bob"), plan_id="packs", feature_quantities=quantity(250))
        change = {"customer_id": "bob", "plan_id": "packs", "feature_quantities": quantity(550)}
        preview = billing.preview_update(**change)
        self.assertEqual((preview.intent, preview.total), ("update_quantity", 30))
        self.assertEqual(billing.update(**change).invoice.total, 30)
        end = {"customer_id": "bob", "plan_id": "packs", "cancel_action": "cancel_end_of_cycle"}
        self.assertEqual(billing.preview_update(**end).intent, "cancel_end_of_cycle")
        self.assertEqual(billing.update(**end).customer_id, "bob")
        billing.update(customer_id="bob", plan_id="packs", cancel_action="uncancel")
        self.refused(404, "customer_not_found", billing.update, customer_id="nobody", plan_id="pro", cancel_action="uncancel")
        self.refused(404, "product_not_found", billing.preview_update, customer_id="bob", plan_id="max", cancel_action="uncancel")

    def test_several_plans_and_phases(self):
        billing = self.sdk.billing
        plans = {"customer_id": self.payer("cyd"), "plans": [{"plan_id": "pro"}, {"plan_id": "team"}]}
        self.assertEqual([i.plan_id for i in billing.preview_multi_attach(**plans).incoming], ["pro", "team"])
        self.assertEqual(billing.multi_attach(**plans).invoice.total, 40)
        made = billing.create_schedule(customer_id="cyd", phases=[{"starts_at": "now", "plans": [{"plan_id": "pro"}]}, {"starts_at": MAY, "plans": [{"plan_id": "max"}]}])
        self.assertEqual((made.customer_id, made.status, [p.starts_at for p in made.phases]), ("cyd", "created", [T0, MAY]))
        updates = {"customer_id": "cyd", "updates": [{"plan_id": "team", "cancel_action": "cancel_immediately"}, {"plan_id": "pro", "cancel_action": "uncancel"}]}
        self.assertEqual(billing.preview_multi_update(**updates).total, -20)
        self.assertEqual(billing.multi_update(**updates).payment_url, None)
        holds("cyd", "pro active")
        self.refused(409, "plan_already_attached", billing.multi_attach, customer_id="cyd", plans=[{"plan_id": "pro"}])
        self.refused(409, "plan_already_attached", billing.preview_multi_attach, customer_id="cyd", plans=[{"plan_id": "pro"}])
        self.refused(400, "invalid_inputs", billing.multi_update, customer_id="cyd", updates=[])
        self.refused(400, "invalid_request", billing.create_schedule, customer_id="cyd", phases=[{"starts_at": "now", "plans": [{"plan_id": "pro"}]}])

    def test_pages_and_invoices(self):
        billing = self.sdk.billing
        billing.attach(customer_id=self.payer("dee"), plan_id="pro")
        portal = billing.open_customer_portal(customer_id="dee", return_url="https://example.com/back")
        self.assertEqual((portal.customer_id, portal.url.startswith(BASE)), ("dee", True))
        setup = billing.setup_payment(customer_id="new", success_url="https://example.com/ok")
        self.assertEqual((setup.customer_id, setup.url.startswith(BASE)), ("new", True))
        page = self.sdk.invoices.list(customer_id="dee", status=["paid"])
        self.assertEqual(([(i.plan_ids, i.status, i.total, i.currency, i.customer_id) for i in page.list], page.next_cursor), ([(["pro"], "paid", 20, "usd", "dee")], None))
        self.refused(404, "customer_not_found", billing.open_customer_portal, customer_id="nobody")
        self.refused(400, "invalid_request", billing.setup_payment, customer_id="dee", plan_id="pro")
        self.refused(404, "customer_not_found", self.sdk.invoices.list, customer_id="nobody")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        post("/v1/products", {"id": "packs", "name": "Packs", "group": "packs", "items": [{"price": 20, **MONTH},
            {"feature_id": "messages", "price": 10, "billing_units": 100, "usage_model": "prepaid", "included_usage": 50, **MONTH}]})


class NotOffered:
    def test_each_says_what_to_use_instead(self):
        sdk, slug = self.sdk, {"organization_slug": "x", "env": "test"}
        webhooks = [{"id": "w", "url": "https://example.com", "events": []}]
        for says, operation, args in (
            ("billing.attach", sdk.billing.import_, {"customer_id": "ada", "billables": []}),
            ("InvoiceMismatch", sdk.billing.verify, {"customer_id": "ada"}),
            ("Dashboard", sdk.invoices.create, {"customer_id": "ada"}),
            ("Dashboard", sdk.invoices.finalize, {"invoice_id": "in_1"}),
            ("Dashboard", sdk.invoices.insert, {"invoices": []}),
            ("Dashboard", sdk.invoices.issue_credit_note, {"invoice_id": "in_1", "amount": 5}),
            ("Dashboard", sdk.invoices.list_templates, {}),
            ("Dashboard", sdk.invoices.pay, {"invoice_id": "in_1"}),
            ("Dashboard", sdk.invoices.reissue, {"invoice_id": "in_1"}),
            ("Dashboard", sdk.invoices.update, {"invoice_id": "in_1", "payment_method_types": ["card"]}),
            ("Dashboard", sdk.invoices.void, {"invoice_id": "in_1"}),
            ("entities.create", sdk.licenses.attach, {"customer_id": "ada", "plan_id": "pro", "entities": []}),
            ("entities.create", sdk.licenses.release, {"customer_id": "ada", "entity_ids": ["e"]}),
            ("CloudWatch", sdk.logs.search, {}),
            ("make key", sdk.keys.mint, {"customer_id": "ada"}),
            ("make key", sdk.keys.refresh, {"request": {}}),
            ("make key", sdk.keys.revoke, {"customer_id": "ada"}),
            ("make dev", sdk.sandboxes.create, {"name": "x"}),
            ("make dev", sdk.sandboxes.delete, {"id": "x"}),
            ("make dev", sdk.sandboxes.list, {"request": {}}),
            ("make dev", sdk.sandboxes.reset, {"request": {}}),
            ("billing.attach", sdk.platform.disconnect_stripe, slug),
            ("billing.attach", sdk.platform.get_revenue_cat_keys, slug),
            ("billing.attach", sdk.platform.get_stripe_connection, slug),
            ("billing.attach", sdk.platform.link_revenue_cat, {**slug, "project_name": "x", "redirect_url": "https://example.com"}),
            ("billing.attach", sdk.platform.sync_revenue_cat, slug),
            ("Stripe's Dashboard", sdk.webhooks.create, webhooks[0]),
            ("Stripe's Dashboard", sdk.webhooks.delete, {"id": "w"}),
            ("Stripe's Dashboard", sdk.webhooks.get, {"id": "w"}),
            ("Stripe's Dashboard", sdk.webhooks.list, {"request": {}}),
            ("Stripe's Dashboard", sdk.webhooks.preview_sync, {"webhooks": webhooks}),
            ("Stripe's Dashboard", sdk.webhooks.sync, {"webhooks": webhooks}),
            ("Stripe's Dashboard", sdk.webhooks.update, {"id": "w", "url": "https://example.com"}),
        ):
            with self.subTest(operation=operation.name):
                self.not_offered(says, operation, **args)


STORIES = [case for story in (Billing, NotOffered) for case in both(story)]
