from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from claims import (  # noqa: PLC0415  need the models first
            acts,
            deciding,
            models,
            overview_blocks,
            ways,
            worklists,
            worklists_before,
            worklists_committee,
            worklists_public,
        )
        from claims import fault_words as words  # noqa: PLC0415
        from claims.services import (  # noqa: PLC0415
            adoption,
            appeals,
            catalogues,
            certificates,
            checking,
            committee,
            imports,
            injuries,
            intake,
            limits,
            panels,
            provider_accounts,
            publicity,
            referrals,
            time_limits,
        )
        from enrollment import fault_words  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.CLAIMS, deciding.TO_DECIDE, but=["claims.claim"])
        worklists.register()
        worklists_before.register()
        worklists_committee.register()
        worklists_public.register()
        ways.register()
        overview_blocks.register()
        for service in (
            adoption,
            appeals,
            catalogues,
            certificates,
            checking,
            committee,
            imports,
            injuries,
            intake,
            limits,
            panels,
            provider_accounts,
            publicity,
            referrals,
            time_limits,
        ):
            service.register()
        fault_words.register(words.CODES, words.REASONS)
        history.register(
            models.Admission,
            models.Agreement,
            models.Appeal,
            models.BenefitCounter,
            models.BenefitPlan,
            models.BulkDocument,
            models.BulkRow,
            models.Catalogue,
            models.CertificateApplication,
            models.ChronicCertificate,
            models.Claim,
            models.ClaimPart,
            models.ClaimsRound,
            models.ClaimsSeat,
            models.CommitteeRule,
            models.DecisionNotice,
            models.Disease,
            models.DoorToken,
            models.ExpertPanel,
            models.Flag,
            models.InjuryConclusion,
            models.Invitee,
            models.Limit,
            models.ListedDisease,
            models.Meeting,
            models.Objection,
            models.OutsideStay,
            models.PanelFinding,
            models.Provider,
            models.ProviderAccount,
            models.PublicityList,
            models.Referral,
            models.SampledRow,
            models.TimeLimit,
            models.Verification,
        )
