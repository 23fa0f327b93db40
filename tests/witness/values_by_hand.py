"""What each indicator of the plan of 2024 is worth, in fractions, written from its definition and not from its formula.

Every function gives values by structure; a structure that is not in the answer has no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from tests.witness.facts_by_hand import (
    IN_TIME,
    PRODUCTION,
    WAITED,
    Facts,
    Moment,
    Sums,
    combined,
    decimal,
    divided,
)
from tests.witness.pack_by_hand import Plan

NATION: Final = "nazionale"
AMOUNT, VALUE = decimal("amount"), decimal("value")
BUILDINGS = ("maintenance", "lighting", "heating", "upkeep", "cleaning", "guarding", "water")
OPERATING = (*BUILDINGS, "rent", "consumables", "haulage", "postage", "legal", "other_operating")
DISCRETIONARY = ("overtime", "shifts", "missions", "inspection_missions", "legal", "consumables", "haulage")
# The 21 ratios of R21 that are costs over square metres or over heads: what is spent, and over which.
PER_YEAR: Final = {
    "operating_per_m2": (OPERATING, "m2"), "operating_per_head": (OPERATING, "heads"),
    "buildings_per_m2": (BUILDINGS, "m2"), "rent_per_m2": (("rent",), "m2"), "lighting_per_m2": (("lighting",), "m2"),
    "heating_per_m2": (("heating",), "m2"), "upkeep_per_m2": (("upkeep", "cleaning", "water"), "m2"),
    "guarding_per_m2": (("guarding",), "m2"), "cleaning_per_m2": (("cleaning",), "m2"),
    "water_per_m2": (("water",), "m2"), "consumables_per_head": (("consumables",), "heads"),
    "haulage_per_head": (("haulage",), "heads"), "overtime_per_head": (("overtime", "shifts"), "heads"),
    "missions_per_head": (("missions",), "heads"),
    "inspection_missions_per_head": (("inspection_missions",), "heads"),
    "meal_vouchers_per_head": (("meal_vouchers",), "heads"),
}  # fmt: skip
AREAS: Final = {
    "pensions": (
        "p.line IN ('assicurato_pensionato_privata', 'assicurato_pensionato_pubblica', 'convenzioni_internazionali', "
        "'fondi_speciali')"
    ),
    "income_support": "p.line = 'ammortizzatori_sociali'",
    "civil_disability": "p.line IN ('requisiti_socio_sanitari', 'accertamento_invalidita_civile')",
    "insurance_account": "p.area = 'gestione_conto_assicurativo_individuale'",
    "contribution_flows": "p.area = 'flussi_contributivi'",
}
# Lines of simplification: what was resolved (entry of work, restriction, amount) and the budget it is held against.
SIMPLIFICATION: Final = {
    "percentuale_definito_carico_lavoro_revisioni_114_2014":
        ("p.line = 'requisiti_socio_sanitari'", "1", "medical_reviews_resolved"),
    "percentuale_definito_carico_lavoro_primi_accertamenti_aggravamenti_attivita_cic":
        ("p.line = 'accertamento_invalidita_civile'", "1", "first_assessments_resolved"),
    "attivita_verifica_ordinaria_percentuale_definito_carico_lavoro_esame_verbali_asl":
        ("p.line = 'attivita_medico_legali' AND w.channel = 'office'", "1", "medical_reports_examined"),
    "indice_pareri_attivita_peritali_prestazioni_assistenziali":
        (f"p.line = 'attivita_medico_legali' AND {IN_TIME}", "1", "expert_opinions_on_time"),
    "percentuale_domande_invciv_prima_istanza_totale_accolte":
        ("p.line = 'requisiti_socio_sanitari' AND w.outcome = 'accepted'", "1", "disability_granted_first_instance"),
    "percentuale_costituzioni_giudizio_entro_5_giorni_sulle_prime_udienze":
        (f"p.line = 'supporto_area_legale' AND {IN_TIME}", "1", "appearances_in_time"),
    "indice_conto_gestione_privata_conto_assicurativo_gestioni_private_altri_prodotti":
        ("p.line = 'gestione_conto_assicurativo'", "1", "private_account_resolved"),
    "indice_conto_gestione_pubblica_percentuale_definito_gestione_pubblica_attivita_propedeutiche_sistemazione_conto":
        ("p.line = 'fine_servizio_previdenza_complementare'", "1", "public_account_preparations_resolved"),
    "indice_conto_gestione_pubblica_valore_produzione_sistemazione_posizione_assicurativa":
        ("p.line = 'assicurato_pensionato_pubblica'", "CAST(p.standard_hours AS DECIMAL(18, 6))",
         "public_positions_points"),
}  # fmt: skip
INSTALMENTS: Final = (
    "indice_dilazioni_amministrative_percentuale_dilazioni_senza_versamento_negli_ultimi_3_mesi_totale_dilazioni_corso"
    "_aziende_dm"
)
OF_THE_NATION: Final = (
    "indice_deflusso", "indicatore_produttivita", "cruscotto_qualita_impatto_sezione_indice_sintetico_valore_pubblico",
    "indagine_customer_experience", "indagine_reputazionale", "p_accertamenti", "p_incassi_pagamenti",
    INSTALMENTS, *SIMPLIFICATION,
)  # fmt: skip
"""What central structures are measured by on the facts of the nation."""
CENTRAL: Final = ("central_directorate", "central_office", "coordination")
FORECAST: Final = "indicatore_gestione_spesa_fabbisogni_economici"
CENTRAL_FORECAST: Final = "indicatore_gestione_spesa"
TRANSIT: Final = "indicatore_gestione_spesa_corretta_gestione_conto_transitorio_1005"
DELAY: Final = "indicatore_ritardo_annuale_pagamento_fatture"
APPEALS: Final = "riduzione_giacenza_ricorsi_amministrativi_valore_assoluto_valore_nazionale"


def said(items: tuple[str, ...]) -> str:
    """Costs of some items."""
    return f"kind <> 'quantity' AND item IN ({', '.join(repr(item) for item in items)})"


class Values:
    """Values at a moment."""

    def __init__(self, facts: Facts, plan: Plan) -> None:
        """Of some facts, for the structures of a plan."""
        self.facts, self.plan = facts, plan

    def at(self, at: Moment) -> dict[str, Sums]:
        """Every indicator that is measured at a moment, checkpoints of spending aside."""
        facts = self.facts
        spent = facts.flow("costs", AMOUNT, at, "kind <> 'quantity'")
        made = facts.points(at, "p.area <> 'vigilanza_ispettiva'")
        assessed = facts.flow("ieep", AMOUNT, at, "section = 'assessments'")
        values = {
            "indice_deflusso": self._clearance(at),
            "indicatore_produttivita": divided(
                facts.points(at, "CAST(p.star AS BOOLEAN)"),
                facts.flow("staff", decimal("fte"), at, "profile = 'administrative' AND activity <> 'directorate'"),
            ),
            "cruscotto_qualita_impatto_sezione_indice_sintetico_valore_pubblico": self._public_value(at),
            "indagine_customer_experience": self._survey(at, "customer_survey"),
            "indagine_reputazionale": self._survey(at, "reputation_survey"),
            "indice_controlli_controllo_processo_produttivo_autocertificazioni": self._controls(at),
            "indice_audit": divided(
                facts.events("audit_actions", "1", at, "step = 'closed'"),
                facts.events("audit_actions", "1", at, "step = 'planned'"), 100,
            ),
            "indicatore_redditivita": divided(assessed, spent),
            "costi_totali_punto_omogeneizzato": divided(spent, made),
            "p_accertamenti": assessed,
            "p_incassi_pagamenti": self._cash(at),
            "indicatore_fabbisogni_standard": self._standard_cost(at, spent, made),
            "indicatore_giacenza_ponderata_ricorsi_amministrativi_cruscotto_qualita_impatto": self._against(
                facts.state("appeals", f"{decimal('pending')} * {decimal('weight')}", at),
                "weighted_pending_appeals", at,
            ),
            "indicatore_giacenza_ponderata_ricorsi_amministrativi_direzioni_regionali_dcm": self._days_of_appeals(at),
            APPEALS: facts.state("appeals", decimal("pending"), at),
            INSTALMENTS: self._against(
                facts.state("headcounts", VALUE, at, "item = 'instalment_plans_unpaid'"), "instalment_plans_unpaid", at
            ),
            DELAY: self._delay(at),
            TRANSIT: self._transit(at),
            "razionalizzazione_logistica": self._projects(at, "project = 'razionalizzazione_logistica'"),
            "progetti": self._projects(at, "project <> 'razionalizzazione_logistica'"),
        }  # fmt: skip
        values |= {name: self._simplified(name, at) for name in SIMPLIFICATION}
        values |= self._projects_of_the_register(at)
        for name in OF_THE_NATION:
            for place in self.plan.organisation.of_kinds(*CENTRAL):
                values[name].pop(place, None)
                if NATION in values[name]:
                    values[name][place] = values[name][NATION]
        values[APPEALS] = dict.fromkeys(self.plan.organisation.rows, values[APPEALS][NATION])
        return values

    def at_checkpoint(self, at: Moment) -> Sums:
        """The transit account at the end of a quarter."""
        return self._transit(at)

    def _clearance(self, at: Moment) -> Sums:
        alone = f"w.office_of_work = w.office_of_competence AND {PRODUCTION}"
        return divided(self.facts.work("resolved", at, alone), self.facts.work("received", at, alone))

    def _survey(self, at: Moment, survey: str) -> Sums:
        where, weight = f"survey = '{survey}'", decimal("weight")
        top = self.facts.events("survey_answers", f"{weight} * CAST(score AS INTEGER)", at, where)
        return divided(top, self.facts.events("survey_answers", weight, at, where))

    def _controls(self, at: Moment) -> Sums:
        names = ("to_check", "checked", "notified", "regularised", "regularised_positive", "regularised_in_30_days")
        process = [
            self.facts.flow("quality_samples", f"CAST({name} AS BIGINT)", at, "control = 'process'") for name in names
        ]
        own = [
            self.facts.flow("quality_samples", f"CAST({name} AS BIGINT)", at, "control = 'self_declaration'")
            for name in names[:2]
        ]
        answer = {}
        for place in process[0]:
            to_check, checked, notified, regularised, positive, prompt = (one[place] for one in process)
            declared, seen = (one.get(place, Fraction(0)) for one in own)
            if not (to_check > 0 and checked > 0 and notified + regularised > 0 and regularised > 0 and declared > 0):
                continue
            error = (positive + notified) / checked * (regularised + notified) / checked
            answer[place] = Fraction(
                _band(checked / to_check, ("0.7", "0.9", "0.995"), (1, 3, 5, 7))
                + _band(error, ("0.02", "0.05", "0.09"), (6, 4, 2, 0))
                + _band(regularised / (notified + regularised), ("0.7", "0.9", "0.995"), (0, 3, 5, 7))
                + _band(prompt / regularised, ("0.5", "0.8", "0.995"), (1, 2, 3, 4))
                + _band(seen / declared, ("0.7", "0.9", "0.995"), (0, 1, 2, 3))
            )
        return answer

    def _cash(self, at: Moment) -> Sums:
        interest = "line IN ('IP1.1', 'IP1.2', 'IP1.3')"
        gained = self.facts.flow("ieep", AMOUNT, at, f"section = 'cash' AND NOT {interest}")
        paid = self.facts.flow("ieep", AMOUNT, at, f"section = 'cash' AND {interest}")
        return {place: value - paid.get(place, 0) for place, value in gained.items()}

    def _against(self, held: Sums, budget: str, at: Moment) -> Sums:
        """100 on budget, more when less stands there than the budget expects."""
        expected = self.facts.state("budgets", VALUE, at, f"measure = '{budget}'")
        return {place: 200 - ratio for place, ratio in divided(held, expected, 100).items()}

    def _simplified(self, indicator: str, at: Moment) -> Sums:
        where, amount, budget = SIMPLIFICATION[indicator]
        expected = self.facts.flow("budgets", VALUE, at, f"measure = '{budget}'")
        nothing = self.facts.work("resolved", at, amount="0") | self.facts.work("received", at, amount="0")
        return divided(nothing | self.facts.work("resolved", at, where, amount), expected, 100)

    def _days_of_appeals(self, at: Moment) -> Sums:
        days = {"0_30": 15, "31_90": 60, "91_180": 135, "181_365": 270, "over_365": 450}
        case = " ".join(f"WHEN 'days_{band}' THEN {count}" for band, count in days.items())
        pending = decimal("pending")
        waited = self.facts.state("appeals", f"{pending} * CASE age_band {case} END", at)
        return divided(waited, self.facts.state("appeals", pending, at))

    def _delay(self, at: Moment) -> Sums:
        late = "date_diff('day', CAST(due_on AS DATE), CAST(paid_on AS DATE)) - CAST(days_suspended AS INTEGER)"
        top = self.facts.events("payments", f"{AMOUNT} * ({late})", at, day="paid_on")
        return divided(top, self.facts.events("payments", AMOUNT, at, day="paid_on"))

    def _transit(self, at: Moment) -> Sums:
        held = self.facts.state_own("balances", decimal("balance"), at, "account = '1005'", 1)
        absolute = self.facts.risen({place: abs(value) for place, value in held.items()})
        return divided(absolute, self.facts.flow("costs", AMOUNT, at, said(OPERATING)))

    def _projects(self, at: Moment, which: str) -> Sums:
        due = self.facts.events("projects", "1", at, f"{which} AND step = 'planned'")
        done = self.facts.events("projects", "1", at, f"{which} AND step = 'validated' AND {decimal('progress')} = 100")
        return {place: 100 * min(done.get(place, Fraction(0)), all_of) / all_of for place, all_of in due.items()}

    def _projects_of_the_register(self, at: Moment) -> dict[str, Sums]:
        """Projects of DC Risorse Umane by the sub-dimension that Annex 3 gives them."""
        by_node = {
            "progetti_impatto_ambientale": ("NOPE24_DCBOL_16.1",),
            "progetti_impatto_riduzione_disuguaglianze_sociali_genere": (
                "NOPE24_DCFI_1.2", "NOPE24_DCFI_1.3", "NOPE24_DCFI_1.6", "NOPE24_DCRU_1.7",
            ),
            "progetti_consolidamento_evoluzione_rete_rapporto_cittadino_stakeholders_partner_istituzionali": (
                "PES2024_DCO_MI.06_100",
            ),
            "progetti_produttivita_benessere_risorse_impiegate": (
                "NOPE24_DCBOSL_1.4", "NOPE24_DCFI_13.1", "NOPE24_DCRU_1.5", "PES2024_DCBOSL_MI.02_230",
            ),
            "progetti_efficacia_politiche_gestione_risorse_umane": (
                "PES2023_DCRU_MI.11_238", "PES2024_DCO_MI.04_81", "PES2024_DCO_MI.04_85", "PES2024_DCRU_MI.01_201",
                "PES2024_DCRU_MI.11_198",
            ),
            "progetti_razionalizzazione_semplificazione_processi_interni": ("PES2024_DCTII_MI.18_265",),
        }  # fmt: skip
        return {
            node: self._projects(at, f"project IN ({', '.join(repr(one) for one in projects)})")
            for node, projects in by_node.items()
        }

    # The index of public value: each site against its own budget, who stands above by what was resolved (R38).

    def _public_value(self, at: Moment) -> Sums:
        done = {
            (area, name): self.facts.work_own(entry, at, f"{where}{more}", amount)
            for area, where in AREAS.items()
            for name, entry, more, amount in (
                ("resolved", "resolved", "", "1"), ("in_time", "resolved", f" AND {IN_TIME}", "1"),
                ("days", "resolved", "", WAITED), ("reopened", "reopened", "", "1"),
            )
        }  # fmt: skip
        asked = self.facts.own_by_name(
            f"SELECT structure, measure, sum({VALUE}) FROM budgets "  # noqa: S608
            f"WHERE month BETWEEN '{at.year}-01' AND '{at.text}' GROUP BY 1, 2"
        )
        top: Sums = {}
        weight: Sums = {}
        offices = {place for found in done.values() for place in found}
        for place in offices:
            resolved = sum((done[area, "resolved"].get(place, Fraction(0)) for area in AREAS), Fraction(0))
            index = self._site(place, done, asked.get(place, {}))
            if resolved and index is not None:
                top[place], weight[place] = index * resolved, resolved
        return divided(self.facts.risen(top), self.facts.risen(weight))

    def _site(self, place: str, done: Mapping[tuple[str, str], Sums], asked: Mapping[str, Fraction]) -> Fraction | None:
        of = self.plan.parameters
        top = bottom = Fraction(0)
        for area in AREAS:
            has = {
                name: done[area, name].get(place, Fraction(0)) for name in ("resolved", "in_time", "days", "reopened")
            }
            wants = {name: asked.get(f"{area}_{name}", Fraction(0)) for name in has}
            parts = {}
            if has["resolved"] and wants["in_time"]:
                parts["timeliness"] = has["in_time"] / has["resolved"] * wants["resolved"] / wants["in_time"]
            if has["resolved"] and wants["days"]:
                parts["speed"] = 2 - has["days"] / has["resolved"] * wants["resolved"] / wants["days"]
            if has["resolved"] and wants["resolved"] and wants["resolved"] != wants["reopened"]:
                kept = (has["resolved"] - has["reopened"]) / has["resolved"]
                parts["correctness"] = kept * wants["resolved"] / (wants["resolved"] - wants["reopened"])
            if parts:
                shares = {name: of[f"quality_weight_{name}"] for name in parts}
                weighed = sum((shares[name] * parts[name] for name in parts), Fraction(0))
                quality = weighed / sum(shares.values(), Fraction(0))
                top += of[f"public_value_weight_{area}"] * quality
                bottom += of[f"public_value_weight_{area}"]
        return 100 * top / bottom if bottom else None

    # Standard cost: the 21 ratios of each directorate over the mean of its cluster, the nation their plain mean (R21).

    def _standard_cost(self, at: Moment, spent: Sums, made: Sums) -> Sums:
        facts = self.facts
        bases = {
            "m2": facts.mean("costs", AMOUNT, at, "item = 'floor_space_m2' AND kind = 'quantity'"),
            "heads": facts.mean("staff", decimal("fte"), at),
        }
        ratios = {
            name: divided(facts.flow("costs", AMOUNT, at, said(items)), bases[base])
            for name, (items, base) in PER_YEAR.items()
        }
        legal, rent = (facts.flow("costs", AMOUNT, at, said((item,))) for item in ("legal", "rent"))
        three = facts.flow("costs", AMOUNT, at, "item = 'consumables_three_years' AND kind = 'quantity'")
        ratios["consumables_three_years_per_head"] = divided(three, bases["heads"])
        ratios["cost_per_point_total"] = divided(spent, made)
        net = combined((spent, rent, legal), lambda total, one, other: total - one - other)
        ratios["cost_per_point_net"] = divided(net, made)
        ratios["legal_share"] = divided(legal, facts.flow("costs", AMOUNT, at, said(DISCRETIONARY)))
        ratios["rent_trend"] = divided(
            rent, facts.flow("costs", AMOUNT, Moment(at.year - 1, at.month), said(("rent",)))
        )
        answer = {}
        for place in self.plan.organisation.of_kinds("region", "dcm"):
            index = Fraction(0)
            for name, values in ratios.items():
                of_year = name in PER_YEAR or name == "consumables_three_years_per_head"
                mean = facts.state_own("budgets", VALUE, at, f"measure = '{name}'")[place]
                mean *= Fraction(at.month, 12) if of_year else Fraction(1)
                index += self.plan.parameters[f"standard_cost_weight_{name}"] * values[place] / mean
            answer[place] = 100 * index
        answer[NATION] = sum(answer.values(), Fraction(0)) / len(answer)
        return answer

    # Spending chapter by chapter (R22): shares of those that pass, at the end of a quarter.

    def forecast(self, quarter: int, year: int) -> tuple[Sums, Sums]:
        """Shares of the directorates and everything above, and of central structures, at the end of a quarter."""
        tolerance = self.plan.parameters["forecast_tolerance"]
        most, least = (f"{(1 + side * tolerance).numerator} * forecast" for side in (1, -1))
        below = f"used * {(1 + tolerance).denominator} <= {most}"
        above = f"used * {(1 - tolerance).denominator} >= {least}"
        found = self.facts.chapters(Moment(year, 3 * quarter), below if quarter < 4 else f"({below}) AND ({above})")
        counts: dict[bool, tuple[Sums, Sums]] = {True: ({}, {}), False: ({}, {})}
        for place, chapters in found.items():
            is_central = self.plan.organisation.kind(place) in CENTRAL
            listed = [passed for chapter, passed in chapters if is_central or chapter in self.plan.chapters]
            passed, judged = counts[is_central]
            passed[place], judged[place] = Fraction(sum(listed)), Fraction(len(listed))
        own, central = (divided(*self._both(counts[name])) for name in (False, True))
        return own, central

    def _both(self, sides: tuple[Sums, Sums]) -> tuple[Sums, Sums]:
        return self.facts.risen(sides[0]), self.facts.risen(sides[1])


def _band(value: Fraction, bounds: tuple[str, ...], points: tuple[int, ...]) -> int:
    return next((p for bound, p in zip(bounds, points, strict=False) if value <= Fraction(bound)), points[-1])
