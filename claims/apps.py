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
        )
        from claims import fault_words as words  # noqa: PLC0415
        from claims.services import (  # noqa: PLC0415
            adoption,
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
        ways.register()
        overview_blocks.register()
        for service in (
            adoption,
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
            referrals,
            time_limits,
        ):
            service.register()
        fault_words.register(words.CODES, words.REASONS)
        history.register(
            models.Admission,
            models.Agreement,
            models.BenefitCounter,
            models.BenefitPlan,
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
            models.ExpertPanel,
            models.Flag,
            models.InjuryConclusion,
            models.Invitee,
            models.Limit,
            models.ListedDisease,
            models.Meeting,
            models.OutsideStay,
            models.PanelFinding,
            models.Provider,
            models.ProviderAccount,
            models.Referral,
            models.TimeLimit,
            models.Verification,
        )
