"""autumn-sdk 1.2.0: customers, balances, entities, plans, events, rewards, referrals."""

from stack import MAY, MONTH, T0, until
from autumn_sdk_calls import both


class Customers:
    def test_get_or_create_get_update_delete(self):
        customers = self.sdk.customers
        ada = customers.get_or_create(customer_id="ada", name="Ada", email="ada@example.com", metadata={"team": "x"}, expand=["balances.feature"])
        self.assertEqual((ada.id, ada.name, ada.email, ada.created_at, ada.fingerprint, ada.stripe_id, ada.env, ada.metadata), ("ada", "Ada", "ada@example.com", T0, None, None, "sandbox", {"team": "x"}))
        self.assertEqual([(s.plan_id, s.status, s.auto_enable, s.started_at) for s in ada.subscriptions], [("free", "active", True, T0)])
        self.assertEqual((ada.purchases, ada.licenses, ada.flags), ([], [], {}))
        messages = ada.balances["messages"]
        self.assertEqual((messages.granted, messages.remaining, messages.usage, messages.unlimited, messages.next_reset_at, messages.feature.type), (100, 100, 0, False, MAY, "metered"))
        wide = customers.get(customer_id="ada", expand=["invoices", "trials_used", "rewards", "entities", "referrals", "payment_method"])
        self.assertEqual((wide.invoices, wide.entities, wide.referrals, wide.trials_used, wide.payment_method), ([], [], [], [], None))
        changed = customers.update(customer_id="ada", new_customer_id="ada2", name="Ada L.", metadata={"a": 1})
        self.assertEqual((changed.id, changed.name, changed.metadata["a"]), ("ada2", "Ada L.", 1))
        self.assertTrue(customers.delete(customer_id="ada2").success)
        self.refused(404, "customer_not_found", customers.get, customer_id="ada2")
        self.refused(404, "customer_not_found", customers.update, customer_id="ada2", name="X")
        self.refused(404, "customer_not_found", customers.delete, customer_id="ada2")
        self.refused(400, "invalid_request", customers.get_or_create, customer_id=None)

    def test_a_list_goes_on_at_a_cursor(self):
        for name in "abc":
            self.sdk.customers.get_or_create(customer_id=f"listed-{name}")
        seen, cursor = [], ""
        while cursor is not None:
            page = self.sdk.customers.list(limit=2, start_cursor=cursor)
            seen += [customer.id for customer in page.list]
            cursor = page.next_cursor
        self.assertLessEqual({"listed-a", "listed-b", "listed-c"}, set(seen))
        self.assertEqual([c.id for c in self.sdk.customers.list(search="listed-b").list], ["listed-b"])
        self.refused(400, "invalid_cursor", self.sdk.customers.list, start_cursor="nonsense")


    def test_what_customers_have(self):
        ask = self.sdk
        ask.billing.multi_attach(customer_id=self.payer("cyd"), plans=[{"plan_id": "pro"}, {"plan_id": "pack", "feature_quantities": [{"feature_id": "messages", "quantity": 250}]}])
        page = ask.customers.list_subscriptions(customer_id="cyd")
        self.assertEqual(([(s.plan_id, s.status, s.customer_id, s.started_at, s.current_period_end) for s in page.list], page.has_more, page.next_cursor), ([("pro", "active", "cyd", T0, MAY)], False, None))
        page = ask.customers.list_purchases(customer_id="cyd")
        self.assertEqual(([(p.plan_id, p.customer_id, p.started_at, p.quantity) for p in page.list], page.has_more), ([("pack", "cyd", T0, 1)], False))
        self.refused(404, "customer_not_found", ask.customers.list_subscriptions, customer_id="nobody")
        self.refused(404, "customer_not_found", ask.customers.list_purchases, customer_id="nobody")


class Clock:
    """Time can be moved on a local stack alone."""

    def test_advance(self):
        ask = self.sdk
        ask.billing.attach(customer_id=self.payer("ada"), plan_id="pro")
        done = ask.customers.advance_test_clock(customer_id="ada", frozen_time=MAY + 1000)
        self.assertEqual((done.customer_id, done.frozen_time, done.status), ("ada", MAY + 1000, "ready"))
        self.assertEqual([i.total for i in ask.invoices.list(customer_id="ada").list], [20, 20])
        self.refused(404, "customer_not_found", ask.customers.advance_test_clock, customer_id="nobody", frozen_time=MAY + 2000)


class Balances:
    def test_check_and_track(self):
        ask = self.sdk
        seen = ask.check(customer_id="eve", feature_id="messages")
        self.assertEqual((seen.allowed, seen.customer_id, seen.required_balance, seen.balance.remaining, seen.flag), (True, "eve", 1, 100, None))
        done = ask.track(customer_id="eve", feature_id="messages", value=3, properties={"page": "home"})
        self.assertEqual((done.customer_id, done.value, done.balance.usage, done.balance.remaining), ("eve", 3, 3, 97))
        self.assertEqual(ask.track(customer_id="eve", event_name="message_sent", value=0.5).balance.usage, 3.5)
        self.assertEqual(ask.check(customer_id="eve", feature_id="messages", required_balance=6, send_event=True).balance.usage, 9.5)
        self.assertTrue(ask.batch_track(request=[{"customer_id": "eve", "feature_id": "messages", "value": 5}]).success)
        until("the batch counts", lambda: ask.check(customer_id="eve", feature_id="messages").balance.usage == 14.5)
        shut = ask.check(customer_id="eve", feature_id="dashboard", with_preview=True)
        self.assertEqual((shut.allowed, shut.preview.scenario, shut.preview.products[0].id), (False, "feature_flag", "pro"))
        self.refused(404, "feature_not_found", ask.check, customer_id="eve", feature_id="nothing")
        self.refused(404, "feature_not_found", ask.track, customer_id="eve", feature_id="nothing")
        self.refused(400, "invalid_inputs", ask.batch_track, request=[])
        self.not_offered("balances.track", ask.track_tokens, customer_id="eve", model_id="m", input_tokens=1, output_tokens=1)

    def test_a_lock_reserves_and_is_confirmed(self):
        ask = self.sdk
        lock = {"enabled": True, "lock_id": "one", "expires_at": T0 + 3600_000}
        self.assertEqual(ask.check(customer_id="job", feature_id="messages", required_balance=30, lock=lock).balance.remaining, 70)
        self.assertTrue(ask.balances.finalize(lock_id="one", action="confirm", override_value=12.5).success)
        self.assertEqual(ask.check(customer_id="job", feature_id="messages").balance.remaining, 87.5)
        self.refused(404, "lock_not_found", ask.balances.finalize, lock_id="none", action="release")

    def test_balances_of_no_plan(self):
        balances = self.sdk.balances
        self.sdk.customers.get_or_create(customer_id="bea")
        self.assertTrue(balances.create(customer_id="bea", feature_id="messages", included_grant=50, reset={"interval": "week"}, balance_id="gift").success)
        page = balances.list(customer_id="bea")
        gift = next(b for b in page.list if b.plan_id is None)
        self.assertEqual((gift.feature_id, gift.included_grant, gift.remaining, gift.reset.interval, page.has_more, page.next_cursor), ("messages", 50, 50, "week", False, None))
        self.assertTrue(balances.update(customer_id="bea", feature_id="messages", balance_id="gift", add_to_balance=5).success)
        self.assertEqual(self.sdk.check(customer_id="bea", feature_id="messages").balance.remaining, 155)
        self.assertTrue(balances.delete(customer_id="bea", feature_id="messages", balance_id="gift").success)
        self.assertEqual(self.sdk.check(customer_id="bea", feature_id="messages").balance.remaining, 100)
        self.refused(404, "customer_not_found", balances.create, customer_id="nobody", feature_id="messages", included_grant=5)
        self.refused(400, "invalid_inputs", balances.update, customer_id="bea", feature_id="messages")
        self.refused(400, "invalid_request", balances.delete, customer_id="bea", feature_id="messages")
        self.refused(404, "customer_not_found", balances.list, customer_id="nobody")


class Entities:
    def test_every_operation(self):
        ask = self.sdk
        ask.billing.attach(customer_id=self.payer("office"), plan_id="team")
        made = ask.entities.create(customer_id="office", entity_id="desk", feature_id="seats", name="Front desk")
        self.assertEqual((made.id, made.name, made.created_at, made.env, made.balances["messages"].remaining, made.flags), ("desk", "Front desk", T0, "sandbox", 200, {}))
        ask.track(customer_id="office", entity_id="desk", feature_id="messages", value=30)
        self.assertEqual(ask.entities.get(customer_id="office", entity_id="desk").balances["messages"].remaining, 170)
        self.assertEqual(ask.entities.update(customer_id="office", entity_id="desk").name, "Front desk")
        page = ask.entities.list(customer_id="office")
        self.assertEqual(([e.id for e in page.list], page.next_cursor), (["desk"], None))
        self.refused(409, "duplicate_entity_id", ask.entities.create, customer_id="office", entity_id="desk", feature_id="seats")
        self.assertTrue(ask.entities.delete(customer_id="office", entity_id="desk").success)
        self.refused(404, "entity_not_found", ask.entities.get, customer_id="office", entity_id="desk")
        self.refused(404, "entity_not_found", ask.entities.delete, customer_id="office", entity_id="desk")
        self.refused(404, "entity_not_found", ask.check, customer_id="office", entity_id="desk", feature_id="messages")


class Plans:
    def test_every_operation(self):
        plans = self.sdk.plans
        made = plans.create(plan_id="studio", name="Studio", description="For two.", price={"amount": 40, **MONTH},
            items=[{"feature_id": "dashboard"}, {"feature_id": "messages", "included": 1000, "reset": MONTH},
                {"feature_id": "seats", "included": 2, "price": {"tiers": [{"to": 10, "amount": 12}, {"to": "inf", "amount": 9}], "tier_behavior": "graduated", "billing_method": "usage_based", "billing_units": 1, **MONTH}}],
            free_trial={"duration_length": 7, "duration_type": "day", "card_required": True})
        self.assertEqual((made.id, made.name, made.description, made.group, made.version, made.add_on, made.archived, made.env, made.created_at), ("studio", "Studio", "For two.", None, 1, False, False, "sandbox", T0))
        self.assertEqual((made.price.amount, made.price.interval, made.free_trial.duration_length), (40, "month", 7))
        self.assertEqual([(i.feature_id, i.included, i.unlimited) for i in made.items], [("dashboard", 0, False), ("messages", 1000, False), ("seats", 2, False)])
        self.assertEqual(plans.get(plan_id="studio").items[2].price.tiers[1].amount, 9)
        # Without an interval_count this version of the client sends no price at all.
        changed = plans.update(plan_id="studio", name="Atelier", price={"amount": 45, **MONTH, "interval_count": 1}, free_trial=None)
        self.assertEqual((changed.name, changed.price.amount, len(changed.items)), ("Atelier", 45, 3))
        shown = {plan.id: plan for plan in plans.list(request={"customer_id": "shopper"}).list}
        self.assertEqual((shown["free"].customer_eligibility.attach_action, shown["pro"].customer_eligibility.attach_action), ("none", "upgrade"))
        self.assertTrue(plans.delete(plan_id="studio").success)
        self.refused(404, "product_not_found", plans.get, plan_id="studio")
        self.refused(404, "product_not_found", plans.update, plan_id="studio", name="X")
        self.refused(400, "product_already_exists", plans.create, plan_id="pro", name="Pro")
        self.sdk.customers.get_or_create(customer_id="holder")
        self.refused(400, "product_has_customers", plans.delete, plan_id="free")


class Events:
    def test_list_and_aggregate(self):
        ask = self.sdk
        for value in (3, 4, 5):
            ask.track(customer_id="eve", feature_id="messages", value=value, properties={"model": "big"})
        until("the events are kept", lambda: len(ask.events.list(customer_id="eve").list) == 3)
        page = ask.events.list(customer_id="eve", feature_id="messages", limit=2)
        rest = ask.events.list(customer_id="eve", feature_id="messages", limit=2, start_cursor=page.next_cursor)
        self.assertEqual(sorted(event.value for event in page.list + rest.list), [3, 4, 5])
        self.assertEqual({(event.customer_id, event.feature_id, event.timestamp, event.properties["model"]) for event in page.list}, {("eve", "messages", T0, "big")})
        sums = ask.events.aggregate(customer_id="eve", feature_id="messages", range="7d", bin_size="day")
        self.assertEqual((sums.total["messages"].count, sums.total["messages"].sum, sums.list[-1].values["messages"]), (3, 12, 12))
        self.refused(400, "invalid_inputs", ask.events.list)
        self.refused(404, "feature_not_found", ask.events.aggregate, customer_id="eve", feature_id="nothing")


class Rewards:
    coupon = {"id": "summer", "name": "Summer", "type": "percentage_discount", "value": 20, "duration": {"type": "months", "length": 3}, "plan_ids": ["pro"], "promo_codes": [{"code": "SUMMER20"}]}
    grant = {"id": "beta", "name": "Beta", "grants": [{"feature_id": "messages", "included": 500, "expiry": {"type": "month", "length": 1}}], "promo_codes": [{"code": "BETA500", "max_uses": 2}]}

    def test_every_operation(self):
        rewards = self.sdk.rewards
        self.assertEqual(rewards.create(coupon=self.coupon).coupon.value, 20)
        rewards.create(feature_grant=self.grant)
        self.assertEqual(rewards.get(reward_id="summer").coupon.duration.length, 3)
        changed = rewards.update(reward_id="summer", coupon={"name": "Sun"}).coupon
        self.assertEqual((changed.name, changed.value, [c.code for c in changed.promo_codes]), ("Sun", 20, ["SUMMER20"]))
        every = rewards.list(request={})
        self.assertEqual(([c.id for c in every.coupons], [g.id for g in every.feature_grants]), (["summer"], ["beta"]))
        self.sdk.customers.get_or_create(customer_id="ada")
        done = rewards.redeem_code(code="BETA500", customer_id="ada")
        self.assertEqual((done.reward_id, [(e.feature_id, e.balance) for e in done.entitlements_granted]), ("beta", [("messages", 500)]))
        self.assertEqual(self.sdk.check(customer_id="ada", feature_id="messages").balance.remaining, 600)
        self.refused(400, "customer_already_redeemed_referral_code", rewards.redeem_code, code="BETA500", customer_id="ada")
        self.assertTrue(rewards.delete(reward_id="summer").success)
        self.refused(404, "reward_not_found", rewards.get, reward_id="summer")
        self.refused(404, "reward_not_found", rewards.update, reward_id="summer", coupon={"name": "X"})
        self.refused(404, "reward_not_found", rewards.delete, reward_id="summer")
        self.refused(400, "duplicate_reward_id", rewards.create, feature_grant=self.grant)


class Referrals:
    def test_every_operation(self):
        ask = self.sdk.referrals
        self.sdk.rewards.create(feature_grant={"id": "ten", "name": "Ten", "grants": [{"feature_id": "messages", "included": 10, "expiry": None}], "promo_codes": []})
        made = ask.create_program(id="friends", reward_id="ten", redeem_on="customer_creation", received_by="all", max_redemptions=5)
        self.assertEqual((made.id, made.reward_id, made.redeem_on, made.received_by, made.max_redemptions, made.created_at), ("friends", "ten", "customer_creation", "all", 5, T0))
        self.assertEqual(ask.get_program(referral_program_id="friends").max_redemptions, 5)
        self.assertEqual(ask.update_program(referral_program_id="friends", max_redemptions=None).max_redemptions, None)
        self.assertEqual([program.id for program in ask.list_programs(request={}).list], ["friends"])
        for name in ("bringer", "brought"):
            self.sdk.customers.get_or_create(customer_id=name)
        code = ask.create_code(customer_id="bringer", program_id="friends")
        self.assertEqual((code.customer_id, code.created_at), ("bringer", T0))
        done = ask.redeem_code(code=code.code, customer_id="brought")
        self.assertEqual((done.id[:3], done.customer_id, done.reward_id), ("rr_", "brought", "ten"))
        self.assertEqual(self.sdk.check(customer_id="bringer", feature_id="messages").balance.remaining, 110)
        self.refused(400, "customer_already_redeemed_referral_code", ask.redeem_code, code=code.code, customer_id="brought")
        self.refused(404, "customer_not_found", ask.create_code, customer_id="nobody", program_id="friends")
        self.assertTrue(ask.delete_program(referral_program_id="friends").success)
        self.refused(404, "reward_program_not_found", ask.get_program, referral_program_id="friends")
        self.refused(404, "reward_program_not_found", ask.update_program, referral_program_id="friends", max_redemptions=1)


STORIES = [case for story in (Customers, Clock, Balances, Entities, Plans, Events, Rewards, Referrals) for case in both(story)]
