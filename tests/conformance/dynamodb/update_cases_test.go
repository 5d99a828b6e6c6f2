package dynamodb_test

func updateArithmetic(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "b": num("3")}))
	one, four := object{":o": num("1")}, object{":v": num("4")}
	for _, c := range []change{
		{do: "SET a = a - :v", with: four},
		{do: "SET a = a + b, c = a - b, d = if_not_exists(d, :z) + :o", with: object{":z": num("0"), ":o": num("1")}},
		{do: "SET c = if_not_exists(zz, a)"},
		{do: "SET a = b, b = a"},
		{do: "ADD n :o, ss :ss, ns :ns", with: object{":o": num("5"), ":ss": strs{"x", "y"}, ":ns": nums{"1", "2.50"}}},
		{do: "ADD n :o, ss :ss DELETE ns :ns", with: object{":o": num("-7"), ":ss": strs{"y", "z"}, ":ns": nums{"2.5"}}},
		{do: "DELETE ns :ns", with: object{":ns": nums{"1"}}},
		{do: "DELETE ss :ss", with: object{":ss": strs{"x", "nope"}}},
		{do: "REMOVE n, b SET q = :q", with: object{":q": "q"}},
		{do: "SET x = nope + :v", with: four},
		{do: "SET x = q + :v", with: four},
		{do: "ADD q :v", with: four},
		{do: "SET a = a + :v, y = nope", with: object{":v": num("1")}},
	} {
		s.update(c)
	}
	s.get("p", "s")
	for _, c := range []change{
		{do: "SET a = :v, a = :w", with: object{":v": num("4"), ":w": num("4")}},
		{do: "SET PK = :v", with: object{":v": "4"}},
		{do: "SET a = a - :v - :v", with: four},
		{do: "REMOVE nope"},
		{pk: "new", sk: "1"},
		{pk: "new", sk: "2", do: "SET v = if_not_exists(v, :z) + :o", with: object{":z": num("0"), ":o": num("1")}},
		{pk: "new", sk: "3", do: "REMOVE v"},
		{pk: "new", sk: "4", do: "SET v = v + :o", with: one},
	} {
		s.update(c)
	}
	s.get("new", "4")
}

func updateInsideListsAndMaps(s *session) {
	s.store(row("p", "s", object{"l": list{"a", "b", "c"}, "m": object{"x": num("1"), "in": object{"y": "q"}}}))
	inner := map[string]string{"#in": "in"}
	one, count := object{":o": num("1")}, object{":o": num("1"), ":z": num("0")}
	for _, c := range []change{
		{do: "SET l = list_append(l, :v)", with: object{":v": list{"d"}}},
		{do: "SET l = list_append(:v, l)", with: object{":v": list{"0"}}},
		{do: "SET e = list_append(if_not_exists(e, :e), :v)", with: object{":e": list{}, ":v": list{num("1")}}},
		{do: "SET l[1] = :v, l[99] = :w", with: object{":v": "one", ":w": "end"}},
		{do: "REMOVE l[0], l[2]"},
		{do: "SET m.x = m.x + :o, m.#in.z = :o", names: inner, with: one},
		{do: "ADD m.cnt :o", with: one},
		{do: "REMOVE m.#in.y", names: inner},
		{do: "SET m.nope.z = :o", with: one},
		{do: "SET nomap.z = :o", with: one},
		{do: "SET m.#k = if_not_exists(m.#k, :z) + :o", names: map[string]string{"#k": "2026-11-22"}, with: count},
		{do: "SET m.#k = if_not_exists(m.#k, :z) + :o", names: map[string]string{"#k": "a.b"}, with: count},
		{do: "SET m = :m, m.x = :o", with: object{":o": num("1"), ":m": object{}}},
	} {
		s.update(c)
	}
	s.get("p", "s")
}

func setReadsOldValues(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "b": num("3")}))
	s.update(change{do: "SET a = a - :v, total_b = b + a", with: object{":v": num("4")}})
}

func deletingTheLastMemberRemovesTheSet(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "ss": strs{"x"}, "z": "q"}))
	s.update(change{do: "DELETE ss :v", with: object{":v": strs{"x"}}})
	s.get("p", "s")
}

func clausesInAnyOrder(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "b": num("3")}))
	s.update(change{do: "REMOVE a SET q = :q", with: object{":q": "q"}})
	s.update(change{do: "SET q = :q REMOVE b", with: object{":q": "q"}})
	s.update(change{do: "ADD c :o SET d = :o REMOVE q", with: object{":o": num("1")}})
	s.update(change{do: "SET d = :o ADD c :o", with: object{":o": num("1")}})
}

func removeOne(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "b": num("3")}))
	s.update(change{do: "REMOVE a"})
	s.get("p", "s")
}

func removeTwo(s *session) {
	s.store(row("p", "s", object{"a": num("10"), "b": num("3")}))
	s.update(change{do: "REMOVE a, b"})
	s.get("p", "s")
}

func removeInsideMap(s *session) {
	s.store(row("p", "s", object{"m": object{"a": num("1")}}))
	s.update(change{do: "REMOVE m.a"})
	s.get("p", "s")
	s.update(change{do: "SET m.b = :v", with: object{":v": num("1")}})
}

func emptyContainersStay(s *session) {
	s.store(row("p", "s", object{"l": list{}, "m": object{}, "b": bin("")}))
	s.get("p", "s")
}

func settingFromMissingFails(s *session) {
	s.store(row("p", "s", object{"a": num("1")}))
	s.update(change{do: "SET a = :v, b = mssng", with: object{":v": num("2")}})
	s.get("p", "s")
}
