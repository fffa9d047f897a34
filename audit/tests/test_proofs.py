"""The proof of an export for the audit bureau: whoever has the folder and knows the office's key or checkpoints sees
that it is the office's; whatever is altered in it is named."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit import verifier
from audit.models import Seal
from audit.rules import sealing as rules
from audit.rules import signing
from audit.selectors import exported
from audit.services import exporting, proofs, seal_keys, sealing
from audit.services.exporting import CannotExport
from audit.tests.sealed import act, past_triggers
from audit.verifying import proof as verifying
from audit.verifying.told import (
    BAD_BATCH,
    BAD_KEY,
    BAD_SEAL,
    BAD_SIGNATURE,
    REWRITTEN,
    CannotVerify,
    Checkpoint,
    read_checkpoints,
)
from conftest import NOON, sign_in
from office.models import Act

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(county, dan, tmp_path) -> Path:
    """An export among other acts, sealed with them, with its proof."""
    for _before in range(4):
        act(county)
    made = exporting.export(folder=tmp_path / "out", year=2010, whole=False, by=dan, at=NOON).folder
    act(county)
    sealing.run(at=NOON)
    proofs.write(made)
    return made


def found(folder: Path, **more: Any) -> set[tuple[str, str]]:
    """What is wrong with an export."""
    report = verifying.check(folder, more.pop("outside", _checkpoints()), **more)
    assert report.found == len(report.faults)
    return {(one.table, one.reason) for one in report.faults}


def _checkpoints() -> list[Checkpoint]:
    return read_checkpoints(settings.SEAL_CHECKPOINTS)


def change(folder: Path, *path: Any, to: Any) -> None:
    """Another value in the proof."""
    told = json.loads((folder / exporting.PROOF).read_text())
    at = told
    for one in path[:-1]:
        at = at[one]
    at[path[-1]] = to(at[path[-1]]) if callable(to) else to
    (folder / exporting.PROOF).write_text(json.dumps(told))


def flipped(text: str) -> str:
    """The last byte of something in hexadecimal, altered."""
    return text[:-2] + f"{int(text[-2:], 16) ^ 1:02x}"


def other_side(side: str) -> str:
    """The neighbour stands on the other side."""
    return {"left": "right", "right": "left"}[side]


class TestProof:
    def test_of_an_export_as_it_left_is_good(self, folder):
        assert found(folder) == set()
        assert exporting.faults(folder) == []

    def test_is_there_when_the_act_is_sealed(self, county, tmp_path):
        made = exporting.export(folder=tmp_path / "out", year=2010, whole=False, by=None, at=NOON)
        with pytest.raises(CannotExport, match="还未封存"):
            proofs.write(made.folder)
        with pytest.raises(CommandError, match="还未封存"):
            call_command("export_audit", "--prove", str(made.folder))
        sealing.run(at=NOON)
        out = StringIO()
        call_command("export_audit", "--prove", str(made.folder), stdout=out)
        assert f"seal {Seal.objects.get().number}" in out.getvalue()
        assert found(made.folder) == set()

    def test_is_not_given_for_what_the_office_did_not_make(self, folder):
        (folder / exporting.SUMS).write_text("x")
        with pytest.raises(CannotExport, match="哈希"):
            proofs.write(folder)

    def test_an_act_that_is_missing_between_sealed_ones_has_none(self, county):
        first, gone, last = (act(county) for _each in range(3))
        past_triggers(f"DELETE FROM office_act WHERE id = {gone.pk}")
        sealing.run(at=NOON)
        proved = [proofs.proof_of(one) is not None for one in (first, gone, last)]
        assert proved == [True, False, True]

    def test_wherever_the_act_lies_among_others(self, county, dan, tmp_path):
        """In a seal of one row, of many, as the last that has no neighbour."""
        for number in range(5):
            for _before in range(number):
                act(county)
            made = exporting.export(folder=tmp_path / f"{number}", year=2010, whole=False, by=dan, at=NOON).folder
            sealing.run(at=NOON)
            proofs.write(made)
            assert found(made) == set()

    def test_still_holds_when_the_office_has_another_key(self, folder, county):
        seal_keys.renew()
        act(county)
        sealing.run(at=NOON)
        proofs.write(folder)
        assert found(folder) == set()


class TestAltered:
    def test_a_manifest(self, folder):
        with (folder / "manifest.json").open("a") as out:
            out.write(" ")
        assert found(folder) == {("manifest.json", verifying.NOT_THE_FILE)}

    def test_a_manifest_with_its_hash_in_the_list(self, folder):
        manifest, sums = folder / "manifest.json", folder / exporting.SUMS
        before = hashlib.sha256(manifest.read_bytes()).hexdigest()
        manifest.write_text(manifest.read_text().replace("2010", "2011", 1))
        after = hashlib.sha256(manifest.read_bytes()).hexdigest()
        sums.write_text(sums.read_text().replace(before, after))
        assert exporting.faults(folder) == []
        assert found(folder) == {(exporting.SUMS, verifying.ANOTHER_EXPORT)}

    def test_files_added_and_missing(self, folder):
        (folder / "README.txt").unlink()
        (folder / "more.csv").write_text("x")
        assert found(folder) == {("README.txt", verifying.MISSING), ("more.csv", verifying.NOT_LISTED)}

    def test_the_act_made_to_name_another_list(self, folder):
        sums = folder / exporting.SUMS
        before = exporting.sha256_of(sums)
        sums.write_text("".join(reversed(sums.read_text().splitlines(keepends=True))))
        after = exporting.sha256_of(sums)
        change(folder, "row", to=lambda row: row.replace(before.encode().hex(), after.encode().hex()))
        assert ("audit_sealbatch", verifying.NOT_IN_THE_SEAL) in found(folder)

    def test_another_act_of_the_same_seal(self, folder):
        """Its row is sealed and proved, but it is no export."""
        other = proofs.proof_of(Act.objects.filter(name="body.added").latest("pk"))
        assert other is not None
        (folder / exporting.PROOF).write_text(proofs.written(other))
        assert found(folder) == {(exporting.SUMS, verifying.ANOTHER_EXPORT)}

    @pytest.mark.parametrize(
        ("path", "to", "table", "reason"),
        [
            (("path", 0, 1), flipped, "audit_sealbatch", verifying.NOT_IN_THE_SEAL),
            (("path", 0, 0), other_side, "audit_sealbatch", verifying.NOT_IN_THE_SEAL),
            (("batch", "members"), flipped, "audit_sealbatch", BAD_BATCH),
            (("batch", "rows"), 9999, "audit_sealbatch", BAD_BATCH),
            (("path_of_batch", 0, 1), flipped, "audit_sealbatch", BAD_BATCH),
            (("seal", "root"), flipped, "audit_seal", BAD_SIGNATURE),
            (("seal", "total"), 1, "audit_seal", BAD_SEAL),
            (("seal", "sha256"), flipped, "audit_seal", REWRITTEN),
            (("seal", "signature"), flipped, "audit_seal", BAD_SIGNATURE),
            (("seal", "hash_name"), "md5", "audit_seal", BAD_SEAL),
            (("seal", "key", "public"), flipped, "audit_sealkey", BAD_KEY),
            (("seal", "key", "algorithm"), "rot13", "audit_seal", BAD_SIGNATURE),
        ],
    )  # fmt: skip
    def test_each_part_of_the_proof(self, folder, path, to, table, reason):
        change(folder, *path, to=to)
        assert (table, reason) in found(folder)

    def test_signed_anew_by_another_key(self, folder):
        """Everything fits itself; only what lies outside tells."""
        key = signing.made()
        told = json.loads((folder / exporting.PROOF).read_text())
        seal = told["seal"]
        seal["key"] = {"algorithm": key.algorithm, "public": key.public.hex(), "fingerprint": key.fingerprint}
        body = verifying._body(seal)
        seal |= {"sha256": hashlib.sha256(body).hexdigest(), "signature": key.sign(body).hex()}
        (folder / exporting.PROOF).write_text(json.dumps(told))
        assert found(folder) == {("audit_seal", REWRITTEN)}
        assert found(folder, outside=[]) == {("audit_sealkey", verifying.NOBODY_KNOWS)}
        assert found(folder, outside=[], keys=[key.fingerprint]) == set()

    def test_a_proof_that_is_none(self, folder):
        for text in ("", "[]", '{"format": "other"}', "{}"):
            (folder / exporting.PROOF).write_text(text)
            with pytest.raises(CannotVerify):
                found(folder)
        (folder / exporting.PROOF).unlink()
        with pytest.raises(CannotVerify):
            found(folder)


class TestOutside:
    def test_a_code_on_paper_or_the_key_is_enough(self, folder):
        seal = Seal.objects.get()
        paper = Checkpoint(seal.number, code=rules.plain_code(seal.code))
        assert found(folder, outside=[paper]) == set()
        assert found(folder, outside=[Checkpoint(seal.number, code="X" * 16)]) == {("audit_seal", REWRITTEN)}
        assert found(folder, outside=[], keys=[seal.key.fingerprint]) == set()
        assert found(folder, outside=[Checkpoint(seal.number + 1, "0" * 64, key=seal.key.fingerprint)]) == set()
        assert found(folder, outside=[]) == {("audit_sealkey", verifying.NOBODY_KNOWS)}


class TestPage:
    def test_whoever_exports_fetches_the_proof_once_it_is_sealed(self, county, dan, tmp_path):
        made = exporting.export(folder=tmp_path / "out", year=None, whole=False, by=dan, at=NOON)
        client = sign_in(Client(), dan)
        shown = client.get(reverse("audit:export")).content.decode()
        assert made.sha256 in shown
        where = reverse("audit:export_proof", args=[exported.made().get().pk])
        assert where in shown
        early = client.get(where, follow=True)
        assert early.redirect_chain == [(reverse("audit:export"), 302)]
        assert "还未封存" in early.content.decode()
        sealing.run(at=NOON)
        answer = client.get(where)
        assert exporting.PROOF in answer.headers["Content-Disposition"]
        (made.folder / exporting.PROOF).write_bytes(answer.content)
        assert found(made.folder) == set()

    def test_no_other_act_has_a_proof_there(self, folder, dan):
        other = Act.objects.filter(name="body.added").latest("pk")
        assert sign_in(Client(), dan).get(reverse("audit:export_proof", args=[other.pk])).status_code == 404


class TestCommand:
    def test_the_verifier_says_it_without_any_database(self, folder):
        run = [sys.executable, verifier.__file__, "--export", str(folder)]
        run += ["--checkpoints", str(settings.SEAL_CHECKPOINTS)]
        done = subprocess.run([*run, "--json"], capture_output=True, text=True, check=False)
        assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True), done.stderr
        (folder / "README.txt").write_text("x")
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "README.txt" in done.stdout
        (folder / exporting.PROOF).unlink()
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")

    def test_the_database_or_an_export_is_named(self, folder):
        with pytest.raises(SystemExit):
            verifier.main([], StringIO(), StringIO())
        with pytest.raises(SystemExit):
            verifier.main(["--dsn", "x", "--export", str(folder)], StringIO(), StringIO())
