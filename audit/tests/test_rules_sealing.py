"""The form in which rows are hashed: no row can be read as another, and the verifier apart comes to the same."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime, timedelta

import pytest

from audit.rules import sealing as rules
from audit.rules import signing
from audit.rules.ranges import within, without
from audit.rules.sealing import Batch, Body, Form
from audit.verifying import chain, proof, told

pytestmark = pytest.mark.rules

SHA256 = signing.hash_named("sha256")
NOON = datetime(2010, 3, 1, 4, tzinfo=UTC)
FORM = Form("office_act", (("id", "bigint"), ("name", "text")))


def row(*values: bytes | None) -> bytes:
    """A row as COPY gives it."""
    parts = [struct.pack(">h", len(values))]
    for value in values:
        parts.append(struct.pack(">i", -1) if value is None else struct.pack(">i", len(value)) + value)
    return b"".join(parts)


ONE = row(struct.pack(">q", 7), "甲".encode())


class TestForm:
    @pytest.mark.parametrize(
        "other",
        [
            Form("office_acts", FORM.columns),
            Form("office_act", (("id", "bigint"), ("name", "varchar"))),
            Form("office_act", (("id", "bigint"), ("names", "text"))),
            Form("office_act", (("name", "text"), ("id", "bigint"))),
            Form("office_act", (("id", "bigintname"), ("", "text"))),
            Form("office_act", (("id", "bigint"),)),
        ],
        ids=["table", "type", "name", "order", "shifted", "fewer"],
    )
    def test_another_form_has_another_hash(self, other):
        assert other.digest(SHA256) != FORM.digest(SHA256)

    def test_it_is_what_the_verifier_takes_it_for(self):
        assert told.Form(FORM.table, FORM.columns).digest(SHA256) == FORM.digest(SHA256)

    def test_known_bytes(self):
        parts = (b"county-fund form 1", b"office_act", b"id", b"bigint", b"name", b"text")
        plain = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        assert FORM.digest(SHA256) == hashlib.sha256(plain).digest()


class TestRow:
    def test_its_values_and_its_number(self):
        assert rules.fields(ONE) == [struct.pack(">q", 7), "甲".encode()]
        assert rules.fields(row(None, b"")) == [None, b""]
        assert rules.number_of(ONE) == told.number_of(ONE) == 7
        assert rules.number_of(row(struct.pack(">i", -3))) == -3

    @pytest.mark.parametrize(
        "other",
        [
            row(struct.pack(">q", 8), "甲".encode()),
            row(struct.pack(">q", 7), "乙".encode()),
            row(struct.pack(">q", 7), None),
            row(struct.pack(">q", 7), b""),
            row(struct.pack(">q", 7), "甲".encode(), None),
        ],
        ids=["number", "value", "none", "empty", "more"],
    )
    def test_another_row_is_another_leaf(self, other):
        form = FORM.digest(SHA256)
        assert rules.leaf(SHA256, form, other) != rules.leaf(SHA256, form, ONE)

    def test_an_altered_column_is_told_and_no_other(self):
        before = rules.column_digests(SHA256, ONE)
        after = rules.column_digests(SHA256, row(struct.pack(">q", 7), None))
        assert before == told.column_digests(SHA256, ONE)
        assert after == told.column_digests(SHA256, row(struct.pack(">q", 7), None))
        assert before[:4] == after[:4]
        assert before[4:] != after[4:]
        elsewhere = rules.column_digests(SHA256, row(struct.pack(">q", 8), "甲".encode()))
        assert elsewhere[4:] != before[4:]  # the same value in another row says nothing
        assert rules.column_digests(SHA256, row(None)) == told.column_digests(SHA256, row(None))


class TestTree:
    @pytest.mark.parametrize("many", [1, 2, 3, 4, 5, 7, 8, 33])
    def test_every_leaf_counts_and_the_verifier_agrees(self, many):
        leaves = [SHA256(bytes([place])) for place in range(many)]
        root = rules.merkle_root(SHA256, b"".join(leaves))
        assert root == told.merkle_root(SHA256, b"".join(leaves))
        for place in range(many):
            altered = [*leaves[:place], SHA256(b"x"), *leaves[place + 1 :]]
            assert rules.merkle_root(SHA256, b"".join(altered)) != root

    def test_a_node_is_no_leaf(self):
        left, right = SHA256(b"1"), SHA256(b"2")
        assert rules.merkle_root(SHA256, left + right) == SHA256(b"\x01" + left + right)
        assert rules.leaf(SHA256, b"", left + right) == SHA256(b"\x00" + left + right)

    @pytest.mark.parametrize("count", range(1, 10))
    def test_every_leaf_comes_up_by_its_path(self, count):
        leaves = [SHA256(bytes([one])) for one in range(count)]
        root = rules.merkle_root(SHA256, b"".join(leaves))
        for place, leaf in enumerate(leaves):
            path = [[side, other.hex()] for side, other in rules.merkle_path(SHA256, b"".join(leaves), place)]
            assert proof._climbed(SHA256, leaf, path) == root
            assert proof._climbed(SHA256, SHA256(leaf), path) != root


class TestSeal:
    def body(self, **more) -> Body:
        said = {"hash_name": "sha256", "number": 1, "previous": rules.NOTHING_BEFORE, "at": NOON, "rows": 2, "total": 2}
        return Body(**{**said, "root": SHA256(b""), "key": "k", **more})

    @pytest.mark.parametrize(
        "other",
        [
            {"hash_name": "sm3"}, {"number": 2}, {"previous": SHA256(b"")}, {"at": NOON + timedelta(microseconds=1)},
            {"rows": 1}, {"total": 3}, {"root": SHA256(b"x")}, {"key": "l"},
        ],
        ids=str,
    )  # fmt: skip
    def test_whatever_it_says_is_in_what_is_signed(self, other):
        assert self.body(**other).written() != self.body().written()

    @pytest.mark.parametrize(
        "other",
        [{"table": "x"}, {"form": SHA256(b"x")}, {"rows": 3}, {"low": 0}, {"high": 9}, {"root": b"x" * 32},
         {"members": b"x" * 32}],
        ids=str,
    )  # fmt: skip
    def test_whatever_a_batch_says_is_in_its_leaf(self, other):
        said = {"table": "office_act", "form": FORM.digest(SHA256), "rows": 2, "low": 1, "high": 8}
        said |= {"root": SHA256(b"r"), "members": SHA256(b"m")}
        mine = Batch(**said).leaf(SHA256)
        assert Batch(**said | other).leaf(SHA256) != mine
        form = told.Form(FORM.table, FORM.columns)
        assert mine == chain._batch_leaf(SHA256, form, 2, 1, 8, SHA256(b"r").hex(), SHA256(b"m").hex())

    def test_the_code_for_paper(self):
        sha256 = SHA256(b"a seal")
        assert rules.plain_code(rules.code(sha256).lower()) == told.code_of(sha256.hex())
        assert len(rules.code(sha256)) == 19

    def test_microseconds(self):
        assert rules.microseconds(NOON + timedelta(microseconds=7)) == 1_267_416_000_000_007


class TestSigning:
    def test_a_key_signs_and_its_public_part_checks(self):
        key = signing.made()
        way = signing.signature_named("ed25519")
        assert signing.read(signing.written(key)) == key
        assert way.check(key.public, key.sign(b"told"), b"told")
        assert not way.check(key.public, key.sign(b"told"), b"else")
        assert not way.check(b"no key", key.sign(b"told"), b"told")
        assert key.fingerprint == signing.fingerprint("ed25519", key.public)
        assert key.fingerprint != signing.made().fingerprint

    @pytest.mark.parametrize("text", ["ed25519:", "ed25519:zz", "ed25519:0011"])
    def test_what_is_no_key(self, text):
        with pytest.raises(signing.BadKey):
            signing.read(text)

    @pytest.mark.parametrize("name", ["sm2", ""])
    def test_what_nobody_registered(self, name):
        with pytest.raises(signing.UnknownAlgorithm):
            signing.read(f"{name}:00")
        with pytest.raises(signing.UnknownAlgorithm):
            signing.hash_named(name)

    def test_sm3_is_known_by_its_published_example(self):
        """GB/T 32905-2016, A.1."""
        assert signing.hash_named("sm3")(b"abc").hex() == (
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        )
        assert told.HASHES["sm3"](b"abc") == signing.hash_named("sm3")(b"abc")

    def test_another_way_is_registered_by_name(self, monkeypatch):
        monkeypatch.setattr(signing, "SIGNATURES", dict(signing.SIGNATURES))
        monkeypatch.setattr(signing, "HASHES", dict(signing.HASHES))
        signing.register_signature("sm2", signing.ED25519)
        signing.register_hash("blake", lambda said: hashlib.blake2s(said).digest())
        assert signing.made("sm2").algorithm == "sm2"
        assert len(signing.hash_named("blake")(b"")) == 32


class TestRanges:
    @pytest.mark.parametrize(
        ("ranges", "numbers", "left"),
        [
            ([(1, 9)], set(), [(1, 9)]),
            ([(1, 9)], {1, 9}, [(2, 8)]),
            ([(1, 9)], {4, 5}, [(1, 3), (6, 9)]),
            ([(1, 2), (5, 5)], {5}, [(1, 2)]),
            ([(1, 3)], {1, 2, 3, 4}, []),
        ],
    )
    def test_what_is_left_of_them(self, ranges, numbers, left):
        assert without(ranges, numbers) == left

    def test_what_lies_in_them(self):
        assert within([(1, 3), (7, 9)], {0, 2, 3, 8}) == [(2, 2), (3, 3), (8, 8)]
